import Forms
import Foundation
import HTML
import UI
import Web

/// `/account/notifications`: what is told where and when.
package struct PreferencesPage: Sendable {
    var action: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    var rows: [PreferenceRow]
    var quietFrom: Field
    var quietTo: Field
    var digestHour: Field
    var hours: [Choice]
    var phone: Field
    var push: PushPart
}

package struct PreferenceRow: Sendable {
    var title: String
    var mail: Field
    var mailTimings: [Choice]
    var sms: Field
    var smsTimings: [Choice]
    var push: Field
    var pushTimings: [Choice]
}

struct PreferencesJSON: Codable, Sendable {
    struct Kind: Codable {
        let kind: String
        let title: String
        let mail: String
        let sms: String
        let push: String
    }

    let kinds: [Kind]
    let quietFrom: String?
    let quietTo: String?
    let digestHour: Int
    let phone: String?

    init(_ preferences: Preferences, _ context: MemberContext) {
        let t = NotificationsMessages(context.language)
        kinds = Preferences.kinds(context).map {
            Kind(
                kind: $0.name, title: t.title($0.name), mail: preferences[$0, .mail].rawValue,
                sms: preferences[$0, .sms].rawValue, push: preferences[$0, .push].rawValue)
        }
        quietFrom = preferences.habits.quietFrom.map(QuietHours.text)
        quietTo = preferences.habits.quietTo.map(QuietHours.text)
        digestHour = preferences.habits.digestHour
        phone = preferences.habits.phone
    }
}

extension NotificationsMessages {
    /// A kind in words: "Your report is resolved".
    func title(_ kind: String) -> String { self.kinds.name(kind: kind.replacing(".", with: "_")) }
}

extension PreferencesPage {
    /// - Parameter typed: what was typed, when the form was refused.
    init(
        _ preferences: Preferences, _ push: PushPart, _ context: MemberContext, typed: FormValues? = nil,
        _ problems: [FieldProblem] = []
    ) {
        let t = NotificationsMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { code in
            switch code {
            case "phone_needed": t.preferences.phoneNeeded
            case "no_phone": t.preferences.noPhone
            case "no_time": t.preferences.noTime
            case "no_push_address", "no_push_key": t.push.noSubscription
            case "too_many_devices": t.push.tooMany(most: PushRegistration.most)
            default: nil
            }
        }
        func field(_ name: String, _ label: String, _ value: String, hint: String? = nil, required: Bool = false) -> Field {
            Field(
                name, label: label, value: typed.map { $0[name] } ?? value, hint: hint, error: errors.message(for: name),
                required: required)
        }
        func choices(_ medium: Medium) -> [Choice] {
            Preferences.timings(medium).map { Choice($0.rawValue, t.preferences.timing(timing: $0.rawValue)) }
        }
        let habits = preferences.habits
        self.init(
            action: "/account/notifications",
            crumbs: [Crumb(t.inbox.title, "/notifications"), Crumb(t.preferences.title)], errors: errors,
            rows: Preferences.kinds(context).map { kind in
                let title = t.title(kind.name)
                func cell(_ medium: Medium, _ label: String) -> Field {
                    field(
                        Preferences.field(kind, medium), "\(title): \(label)", preferences[kind, medium].rawValue, required: true)
                }
                return PreferenceRow(
                    title: title, mail: cell(.mail, t.preferences.mail), mailTimings: choices(.mail),
                    sms: cell(.sms, t.preferences.sms), smsTimings: choices(.sms), push: cell(.push, t.preferences.push),
                    pushTimings: choices(.push))
            },
            quietFrom: field("quiet_from", t.preferences.quietFrom, habits.quietFrom.map(QuietHours.text) ?? ""),
            quietTo: field(
                "quiet_to", t.preferences.quietTo, habits.quietTo.map(QuietHours.text) ?? "", hint: t.preferences.quietHint),
            digestHour: field(
                "digest_hour", t.preferences.digestHour, String(habits.digestHour),
                hint: t.preferences.digestHint(zone: context.outer.zone.identifier.replacing("_", with: " ")), required: true),
            hours: (0..<24).map { Choice(String($0), QuietHours.text($0 * 60)) },
            phone: field("phone", t.preferences.phone, habits.phone ?? "", hint: t.preferences.phoneHint), push: push)
    }
}
