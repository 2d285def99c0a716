import HTML
import UI

@testable import Arrival

extension PageSamples {
    static let arrival = [
        PageSample(name: "register", page: register([]), signedIn: false),
        PageSample(
            name: "register-refused",
            page: register([
                FieldError(field: "invitation_code", code: "invitation_invalid", message: "This invitation does not work."),
                FieldError(field: "password", code: "password_common", message: "Too easy to guess")
            ]), signedIn: false, problem: true),
        PageSample(name: "register-open", page: open, signedIn: false),
        PageSample(name: "register-ways", page: ways(open), signedIn: false),
        PageSample(name: "register-ways-only", page: ways(register([]), takesPassword: false), signedIn: false),
        PageSample(
            name: "register-sent",
            page: EntryEndPage(
                title: "Look at your mail", text: long,
                links: [EntryLink("No mail came", "/register/resend"), EntryLink("Sign in", "/login")]), signedIn: false),
        PageSample(
            name: "password-forgot",
            page: EntryPage(
                title: "Forgot your password?", lead: "We send you a link to choose a new one.", action: "/password/forgot",
                errors: [],
                items: [EntryItem(Field("email", label: "E-mail address", required: true), .email)], submit: "Send the link",
                links: [EntryLink("Sign in", "/login")]), signedIn: false),
        PageSample(
            name: "verify",
            page: EntryPage(
                title: "Confirm your address", lead: "One click, and your account is ready.", action: "/verify", errors: [],
                items: [], hidden: [HiddenValue("token", "t0k3n")], submit: "Confirm"), signedIn: false),
        PageSample(name: "invitations", page: invitations(4)),
        PageSample(name: "invitations-none", page: invitations(0)),
        PageSample(name: "invite", page: invite([])),
        PageSample(
            name: "invite-refused",
            page: invite([FieldError(field: "email", code: "already_invited", message: "This address has an invitation")]),
            problem: true),
        PageSample(name: "invite-list", page: list),
        PageSample(name: "invite-check", page: check(bad: 2)),
        PageSample(name: "invite-check-good", page: check(bad: 0)),
        PageSample(name: "applicants", page: applicants(4)),
        PageSample(name: "applicants-none", page: applicants(0))
    ]

    private static let invitationCrumbs = [Crumb("Invitations", "/admin/invitations"), Crumb("Invite somebody")]

    private static func register(_ errors: [FieldError]) -> EntryPage {
        func field(_ name: String, _ label: String, hint: String? = nil) -> Field {
            Field(name, label: label, hint: hint, error: errors.message(for: name), required: true)
        }
        return EntryPage(
            title: "Welcome", lead: "Lindenhof has invited you. Choose a password, and you are in.", action: "/register",
            errors: errors,
            items: (errors.isEmpty
                ? [] : [EntryItem(field("invitation_code", "Invitation code", hint: "It stands in the invitation"))])
                + [
                    EntryItem(field("email", "E-mail address"), .email), EntryItem(field("display_name", "Your name")),
                    EntryItem(field("password", "Password", hint: "At least 12 characters"), .password),
                    EntryItem(field("password_confirm", "Password once more"), .password)
                ],
            hidden: errors.isEmpty ? [HiddenValue("invitation_code", "c0de")] : [], submit: "Create the account",
            links: [EntryLink("Sign in", "/login")])
    }

    private static let open = EntryPage(
        title: "Register", lead: "We send you a mail to confirm your address.", action: "/register", errors: [],
        items: [
            EntryItem(Field("full_name", label: "Your name", value: long, required: true)),
            EntryItem(
                Field("requested_role", label: "I am also", hint: "The company looks at this"), .select,
                choices: [Choice("owner", "Owner")], prompt: "nothing further"),
            EntryItem(
                Field("accept_terms", label: "I agree to the terms of use", required: true), .tick,
                page: SafeURL("https://lindenhof.example/terms"))
        ], submit: "Register", links: [EntryLink("I have an invitation", "/register?code=")])

    private static func ways(_ page: EntryPage, takesPassword: Bool = true) -> EntryPage {
        var page = page
        page.ways = [
            EntryLink("Continue with Works ID", "/login/oidc/works?invitation=c0de"),
            EntryLink("Continue with \(long)", "/login/oidc/other?invitation=c0de")
        ]
        page.takesPassword = takesPassword
        return page
    }

    private static func invitations(_ count: Int) -> InvitationsPage {
        let states = [
            Badge("Open", tone: .info, mark: .ring), Badge("Accepted", tone: .ok, mark: .check),
            Badge("Withdrawn", mark: .strike),
            Badge("Expired", tone: .warn, mark: .half)
        ]
        return InvitationsPage(
            action: "/admin/invitations", words: Field("q", label: "Address"), role: Field("role", label: "Role"),
            roles: [Choice("resident", "Resident")], state: Field("state", label: "State"), states: [Choice("pending", "Open")],
            summary: "\(count) invitations", chips: [], clear: nil, csv: "/admin/invitations.csv",
            rows: (0..<count).map { index in
                InvitationRow(
                    email: index == 1 ? "\(long)@lindenhof.example" : "nora@lindenhof.example", role: "Resident",
                    place: index == 0 ? "Lindenstraße 12, 3.2" : "", state: states[index % 4], detail: "until 5 Dec 2026",
                    inviter: "from Maria Kern", moment: moment,
                    resend: index.isMultiple(of: 3) ? "/admin/invitations/1/resend" : nil,
                    revoke: index.isMultiple(of: 3) ? "/admin/invitations/1/revocation" : nil)
            }, pager: count == 0 ? nil : Pager(next: "/admin/invitations?cursor=x", summary: "4 invitations"))
    }

    private static func invite(_ errors: [FieldError]) -> OfficePage {
        OfficePage(
            title: "Invite somebody", lead: "A mail with a link goes to this address.", crumbs: invitationCrumbs,
            action: "/admin/invitations",
            back: "/admin/invitations", errors: errors,
            items: [
                EntryItem(Field("email", label: "E-mail address", error: errors.message(for: "email"), required: true), .email),
                EntryItem(
                    Field("role", label: "Role", value: "owner", required: true), .select,
                    choices: [Choice("resident", "Resident"), Choice("owner", "Owner")]),
                EntryItem(Field("expires_at", label: "Works until", hint: "14 days, if you say nothing"), .date)
            ], submit: "Send the invitation")
    }

    private static let list = OfficePage(
        title: "Invite from a list", lead: "One line per person.", crumbs: invitationCrumbs, action: "/admin/invitations/bulk",
        back: "/admin/invitations", errors: [],
        items: [
            EntryItem(Field("file", label: "File (CSV)"), .file), EntryItem(Field("csv", label: "Or paste the list"), .lines)
        ],
        uploads: true, submit: "Check the list")

    private static func check(bad: Int) -> BulkPage {
        BulkPage(
            crumbs: invitationCrumbs, action: "/admin/invitations/bulk", back: "/admin/invitations/bulk",
            summary: "2 people can be invited, \(bad) rows have errors", problem: bad > 0 ? "Some rows have errors." : nil,
            csv: "email,role\nnora@lindenhof.example,resident\n", mustSkip: bad > 0, send: "Invite 2 people",
            rows: (2...3).map {
                BulkRow(number: "\($0)", email: "nora@lindenhof.example", role: "resident", place: "", problems: [])
            }
                + (0..<bad).map {
                    BulkRow(
                        number: "\($0 + 4)", email: long, role: "Kaiser", place: long,
                        problems: ["Role: choose one", "Unit: " + long])
                })
    }

    private static func applicants(_ count: Int) -> ApplicantsPage {
        let states = [
            Badge("To be decided", tone: .warn, mark: .half), Badge("Address not confirmed", mark: .ring),
            Badge("Granted", tone: .ok, mark: .check), Badge("Not granted", mark: .strike)
        ]
        return ApplicantsPage(
            action: "/admin/users", words: Field("q", label: "Name or address"), state: Field("state", label: "State"),
            states: [Choice("waiting", "To be decided")], summary: "\(count) people",
            chips: count == 0 ? [Chip(label: "State", value: "Granted", remove: "/admin/users")] : [],
            clear: count == 0 ? "/admin/users" : nil, csv: "/admin/users.csv",
            rows: (0..<count).map { index in
                ApplicantRow(
                    name: index == 1 ? long : "Nora Blum", email: "nora@lindenhof.example",
                    phone: index == 0 ? "+491512345678" : "",
                    role: index == 1 ? "" : "Owner", state: states[index % 4], moment: moment,
                    approve: index == 0 ? "/admin/users/1/approval" : nil, refuse: index == 0 ? "/admin/users/1/refusal" : nil)
            }, pager: nil)
    }
}
