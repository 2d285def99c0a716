import HTML
import UI

@testable import Identity

extension PageSamples {
    static let signIns = [
        PageSample(
            name: "sessions",
            page: SessionsPage(
                crumbs: crumbsTo("Where you are signed in"), summary: "3 sign-ins", endOthers: "/account/sessions/revocation",
                rows: [
                    session("Firefox on Windows", "Browser", current: true), session("Safari on iPhone", "Browser"),
                    session("python-requests", "Program")
                ], pager: Pager(summary: "3 sign-ins"))),
        PageSample(
            name: "sessions-one",
            page: SessionsPage(
                crumbs: crumbsTo("Where you are signed in"), summary: "1 sign-in", endOthers: nil,
                rows: [session(long, "Browser", current: true)], pager: Pager(summary: "1 sign-in"))),
        PageSample(name: "tokens", page: tokens([token("Import at night", tokenActive), token(long, tokenRevoked)])),
        PageSample(name: "tokens-none", page: tokens([])),
        PageSample(
            name: "tokens-made",
            page: tokens([token("Import at night", tokenActive)], made: MadeToken(name: "Import at night", secret: tokenText))),
        PageSample(
            name: "tokens-refused",
            page: tokens(
                [], errors: [FieldError(field: "name", code: "taken", message: "You have a token of that name")]), problem: true),
        PageSample(name: "devices", page: devices([device("Panel in the lobby", tokenActive), device(long, tokenRevoked)])),
        PageSample(name: "devices-none", page: devices([], granted: false)),
        PageSample(
            name: "devices-made",
            page: devices(
                [device("Panel in the lobby", tokenActive)], made: MadeToken(name: "Panel in the lobby", secret: tokenText))),
        PageSample(
            name: "devices-refused",
            page: devices(
                [], errors: [FieldError(field: "name", code: "taken", message: "There is a device of that name")]), problem: true)
    ]

    private static let tokenText = "portico_" + String(repeating: "Ab3-_x9", count: 6) + "Q"
    private static let tokenActive = Badge("Active", tone: .ok, mark: .dot)
    private static let tokenRevoked = Badge("Revoked", tone: .neutral, mark: .strike)

    private static func crumbsTo(_ title: String) -> [Crumb] { [Crumb("Your settings", "/account"), Crumb(title)] }

    private static func session(_ device: String, _ kind: String, current: Bool = false) -> SessionRow {
        SessionRow(
            device: device, kind: kind, address: "2001:db8:85a3::8a2e:370:7334", used: moment, began: moment(daysAgo: 3),
            isCurrent: current, end: current ? nil : "/account/sessions/1/revocation")
    }

    private static func token(_ name: String, _ state: Badge) -> TokenRow {
        let isOver = state == tokenRevoked
        return TokenRow(
            name: name, scopes: "See all faults, Work on faults", state: state, expires: moment,
            used: isOver ? nil : moment(daysAgo: 1), address: isOver ? "" : "192.0.2.7",
            revoke: isOver ? nil : "/account/tokens/1/revocation")
    }

    private static func device(_ name: String, _ state: Badge) -> DeviceRow {
        let isOver = state == tokenRevoked
        return DeviceRow(
            name: name, place: isOver ? "" : "Lindenhof Vorderhaus", scopes: "Report faults, See one's own faults", state: state,
            expires: moment, used: isOver ? nil : moment(daysAgo: 1), address: isOver ? "" : "192.0.2.7",
            maker: "made by Maria Kern", replace: isOver ? nil : "/admin/devices/1/token",
            revoke: isOver ? nil : "/admin/devices/1/revocation")
    }

    private static func devices(
        _ rows: [DeviceRow], granted: Bool = true, errors: [FieldError] = [], made: MadeToken? = nil
    ) -> DevicesPage {
        DevicesPage(
            summary: "\(rows.count) devices", csv: "/admin/devices.csv", action: "/admin/devices", errors: errors, made: made,
            name: Field(
                "name", label: "Name", hint: "As it will stand in the audit log.", error: errors.message(for: "name"),
                required: true, maxLength: 80),
            place: Field("place", label: "Place", hint: "Where somebody finds it.", maxLength: 120),
            expires: Field("expires_on", label: "Good until", value: "2027-02-19", hint: "A year at most", required: true),
            scopes: Field(
                "scopes", label: "What it may do", hint: "Of what the company's file grants to devices.", required: true),
            choices: granted ? [Choice("faults:report", "Report faults", hint: "faults:report")] : [], ticked: ["faults:report"],
            rows: rows, pager: Pager(summary: ""))
    }

    private static func tokens(_ rows: [TokenRow], errors: [FieldError] = [], made: MadeToken? = nil) -> TokensPage {
        TokensPage(
            crumbs: crumbsTo("Tokens for programs"), summary: "\(rows.count) tokens", action: "/account/tokens", errors: errors,
            made: made,
            name: Field(
                "name", label: "Name", hint: "What it is for", error: errors.message(for: "name"), required: true, maxLength: 80),
            expires: Field("expires_on", label: "Good until", value: "2027-02-19", hint: "A year at most", required: true),
            scopes: Field(
                "scopes", label: "What it may do", hint: "If you lose one of these rights, the token loses it, too.",
                required: true),
            choices: [
                Choice("faults:see_all", "See all faults", hint: "faults:see_all"),
                Choice("faults:work", "Work on faults", hint: "faults:work")
            ], ticked: ["faults:work"], rows: rows, pager: Pager(summary: ""))
    }
}
