import HTML
import UI

@testable import Delegation
@testable import Property

extension PageSamples {
    static let delegation = [
        PageSample(name: "delegations", page: delegations(4)),
        PageSample(name: "delegations-none", page: delegations(0)),
        PageSample(
            name: "delegations-no-match",
            page: delegations(0, chips: [Chip(label: "Person or place", value: "zzz", remove: "/delegations")])),
        PageSample(
            name: "delegation-offered",
            page: delegation(
                lentOffered, "jan.weber@mail.example has not answered yet, and can do nothing for you until then.",
                resend: "/delegations/1/resend", revoke: "/delegations/1/revocation", label: "Revoke")),
        PageSample(
            name: "delegation-received",
            page: delegation(
                lentAccepted, "You may do this for Maria Kern. What you do is recorded as done in their name.",
                report: "/faults/new?unit=1", revoke: "/delegations/1/revocation", label: "Give back")),
        PageSample(name: "delegation-answer", page: answer),
        PageSample(name: "delegation-new", page: offer([])),
        PageSample(
            name: "delegation-refused",
            page: offer([
                FieldError(field: "delegate_email", code: "delegate_is_self", message: "That is your own address"),
                FieldError(field: "rights", code: "delegation_exists", message: "Your vote on this unit is lent already")
            ]), problem: true),
        PageSample(name: "delegation-nothing", page: offer([], owns: false))
    ]

    static let lentOffered = Badge("not answered yet", tone: .info, mark: .ring)
    static let lentAccepted = Badge("accepted", tone: .ok, mark: .check)
    private static let lentFacts = [
        Fact("Unit", "Lindenstraße 12, Apt 3.2", path: "/units/1"), Fact("Owner", "Maria Kern"),
        Fact("Acts for them", "jan.weber@mail.example"), Fact("Holds", "until 31 Dec 2026"), Fact("Offered", "21 Nov 2026, 14:05")
    ]
    private static let lentRights = [Badge("vote"), Badge("report faults"), Badge("submit meter readings")]

    private static func delegations(_ count: Int, chips: [Chip] = []) -> DelegationsPage {
        DelegationsPage(
            tabs: [
                Tab("Given", "/delegations?show=given", current: true), Tab("Received", "/delegations?show=received"),
                Tab("Over", "/delegations?show=history")
            ],
            action: "/delegations", shelf: [HiddenValue("show", "given")], words: Field("q", label: "Person or place"),
            state: Field("state", label: "State"), states: [Choice("accepted", "accepted")], summary: "\(count) delegations",
            chips: chips, clear: chips.isEmpty ? nil : "/delegations", csv: "/delegations.csv?show=given",
            rows: (0..<count).map {
                DelegationRow(
                    path: "/delegations/\($0)", place: $0 == 2 ? long : "Lindenstraße 12, Apt \($0)",
                    sides: $0 == 2 ? "\(long) to jan.weber@mail.example" : "Maria Kern to jan.weber@mail.example",
                    rights: $0 == 1 ? "vote, read documents, see accounts, pay, report faults, write messages" : "report faults",
                    state: $0 == 0 ? lentOffered : lentAccepted, until: "until 31 Dec 2026", offered: moment)
            }, pager: nil, new: "/delegations/new", emptyTitle: "You have lent nothing",
            emptyText: "If you own a unit, somebody you trust can act for you there.")
    }

    private static func delegation(
        _ badge: Badge, _ note: String, report: WebPath? = nil, resend: WebPath? = nil, revoke: WebPath?, label: String
    ) -> DelegationPage {
        DelegationPage(
            title: "Lindenstraße 12, Apt 3.2", crumbs: [Crumb("Delegations", "/delegations"), Crumb("Lindenstraße 12, Apt 3.2")],
            badge: badge, facts: lentFacts, rights: lentRights, note: note, answer: nil, report: report, resend: resend,
            revoke: revoke, revokeLabel: label)
    }

    private static let answer = AnswerDelegationPage(
        title: "Act for Maria Kern", lead: "Maria Kern would like you to act for them at Lindenhof.",
        crumbs: [Crumb("Delegations", "/delegations"), Crumb("Lindenstraße 12, Apt 3.2")], facts: lentFacts, rights: lentRights,
        accept: "/delegations/1/accept", decline: "/delegations/1/decline", hidden: [HiddenValue("token", "t0k3n")])

    private static func offer(_ errors: [FieldError], owns: Bool = true) -> NewDelegationPage {
        func field(_ name: String, _ label: String, hint: String? = nil, required: Bool = true) -> Field {
            Field(name, label: label, hint: hint, error: errors.message(for: name), required: required)
        }
        return NewDelegationPage(
            action: "/delegations", back: "/delegations", crumbs: [Crumb("Delegations", "/delegations"), Crumb("New delegation")],
            errors: errors, ownsAny: owns,
            email: field("delegate_email", "Mail address of the person", hint: "Somebody is invited."),
            unit: field("unit_id", "For which unit?"), units: [Choice("1", "Lindenstraße 12, Apt 3.2"), Choice("2", long)],
            rights: field("rights", "What may the person do for you?", hint: "None of it can be passed on."),
            choices: [
                Choice("vote", "Vote", hint: "Cast your vote at ballots of the owners"), Choice("report_fault", "Report faults")
            ], ticked: ["report_fault"], until: field("expires_at", "Until", hint: "The last day.", required: false))
    }
}
