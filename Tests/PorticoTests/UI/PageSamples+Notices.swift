import HTML
import UI

@testable import Notifications

extension PageSamples {
    static let notices = [
        PageSample(name: "preferences", page: preferences([])),
        PageSample(
            name: "preferences-devices",
            page: preferences([], [device("Firefox on Windows", here: true), device(long, here: false)])),
        PageSample(name: "preferences-no-push", page: preferences([], [device("Chrome on Android", here: false)], key: nil)),
        PageSample(
            name: "preferences-refused",
            page: preferences([
                FieldError(field: "quiet_from", code: "no_time", message: "Write a time such as 22:00"),
                FieldError(field: "phone", code: "phone_needed", message: "Give a number, or choose no SMS")
            ]), problem: true),
        PageSample(
            name: "unsubscribe",
            page: UnsubscribePage(
                title: "No more mails of this kind?", text: "You will get no more mails about: A fault was assigned to you.",
                action: "/unsubscribe/1/fault.assigned/x", settings: "/account/notifications"), signedIn: false),
        PageSample(
            name: "unsubscribe-done",
            page: UnsubscribePage(title: "These mails have ended", text: long, action: nil, settings: "/account/notifications"),
            signedIn: false),
        PageSample(name: "deliveries", page: deliveries(6)),
        PageSample(name: "deliveries-none", page: deliveries(0)),
        PageSample(
            name: "texts",
            page: TextsPage(
                rows: [text("A fault was assigned to you", own: true), text(long, own: false)],
                problems: ["tenants/lindenhof/notices/fault.assigned.de.mustache:4:1: {{titel}} is no field of this text"])),
        PageSample(
            name: "text",
            page: TextPage(
                title: "A fault was assigned to you",
                crumbs: [Crumb("Texts of notices", "/admin/notices"), Crumb("A fault was assigned to you")],
                fields: [Fact("number", "F-2026-0412"), Fact("title", long)],
                previews: [
                    preview("German", "de", "Ihnen zugewiesen: F-2026-0412", own: true),
                    preview("English", "en", long, own: false)
                ], edit: "/admin/configuration/notices/fault.assigned")),
        PageSample(
            name: "development-mail",
            page: MailFolderPage(
                rows: [
                    MailFolderRow(
                        path: "/development/mail/1", subject: long, to: "Nora Blum <nora@lindenhof.example>", moment: moment)
                ]),
            signedIn: false),
        PageSample(name: "development-mail-none", page: MailFolderPage(rows: []), signedIn: false),
        PageSample(
            name: "mail",
            page: MailPage(
                subject: "Your access to Lindenhof", back: "/development/mail", facts: [Fact("To", "nora@lindenhof.example")],
                text: "Hello,\n\nhttp://lindenhof.localhost:8000/register?code=x",
                links: [SafeURL("http://lindenhof.localhost:8000/register?code=x")].compactMap(\.self), source: "Subject: " + long
            ),
            signedIn: false)
    ]

    private static func device(_ label: String, here: Bool) -> PushRow {
        PushRow(
            label: label, isHere: here, made: moment, reached: here ? moment : nil, remove: "/push/registrations/1/removal")
    }

    private static func preferences(
        _ errors: [FieldError], _ devices: [PushRow] = [], key: String? = "BCVxsr7N_eNgVRqvHtD0"
    ) -> PreferencesPage {
        func cell(_ name: String, _ value: String) -> Field { Field(name, label: "\(name): Mail", value: value, required: true) }
        let timings = [Choice("now", "at once"), Choice("digest", "once a day"), Choice("off", "not at all")]
        return PreferencesPage(
            action: "/account/notifications", crumbs: [Crumb("Notices", "/notifications"), Crumb("What you are told")],
            errors: errors,
            rows: [
                ("A new fault was reported", "mail_1", "now"), (long, "mail_2", "digest"), ("Everything else", "mail_3", "off")
            ].map {
                PreferenceRow(
                    title: $0.0, mail: cell($0.1, $0.2), mailTimings: timings, sms: cell("sms_\($0.1)", "off"),
                    smsTimings: [timings[0], timings[2]], push: cell("push_\($0.1)", "now"),
                    pushTimings: [timings[0], timings[2]])
            },
            quietFrom: Field("quiet_from", label: "Quiet from", value: "22:00", error: errors.message(for: "quiet_from")),
            quietTo: Field("quiet_to", label: "Quiet until", value: "06:00", hint: "What is not urgent waits until then."),
            digestHour: Field("digest_hour", label: "Hour of the daily summary", value: "8", required: true),
            hours: [Choice("8", "08:00"), Choice("9", "09:00")],
            phone: Field("phone", label: "Number for SMS", error: errors.message(for: "phone")),
            push: PushPart(key: key, isHere: devices.contains(where: \.isHere), rows: devices))
    }

    private static func deliveries(_ count: Int) -> DeliveriesPage {
        DeliveriesPage(
            action: "/admin/deliveries", words: Field("q", label: "Recipient"), state: Field("state", label: "State"),
            states: [Choice("sent", "Sent")], medium: Field("channel", label: "By"), media: [Choice("mail", "Mail")],
            summary: "\(count) messages",
            chips: count == 0 ? [Chip(label: "State", value: "Given up", remove: "/admin/deliveries")] : [],
            clear: count == 0 ? "/admin/deliveries" : nil, csv: "/admin/deliveries.csv",
            retryAll: count == 0 ? nil : "/admin/deliveries/retry",
            rows: (0..<count).map { index in
                DeliveryRow(
                    recipient: index == 2 ? long : "Nora Blum", address: "nora@lindenhof.example",
                    what: "Mail: Your report is resolved",
                    state: index == 1 ? Badge("Given up", tone: .bad, mark: .triangle) : Badge("Sent", tone: .ok, mark: .dot),
                    reason: index == 1 ? "the other side could not be reached" : nil, moment: moment,
                    tries: index == 1 ? ["21 Nov 2026, 14:05: could not be sent yet (\(long))"] : [],
                    retry: index == 1 ? "/admin/deliveries/1/retry" : nil)
            }, pager: count == 0 ? nil : Pager(next: "/admin/deliveries?cursor=x", summary: "6 messages"))
    }

    private static func text(_ title: String, own: Bool) -> TextRow {
        TextRow(
            path: "/admin/notices/fault.assigned", title: title, name: "fault.assigned",
            badges: [own ? Badge("de: your own", tone: .brand) : Badge("de: standard"), Badge("en: standard")])
    }

    private static func preview(_ language: String, _ code: String, _ subject: String, own: Bool) -> TextPreview {
        TextPreview(
            language: language, code: code, badge: own ? Badge("your own", tone: .brand) : Badge("standard"),
            file: "tenants/lindenhof/notices/fault.assigned.\(code).mustache", subject: subject,
            text: "Guten Tag Nora Blum,\n\n\(subject)\n\nhttps://lindenhof.example/faults/F-2026-0412")
    }
}
