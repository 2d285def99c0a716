import Database
import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// `/r/{code}`.
package struct VisitorReportPage: Sendable {
    var action: WebPath
    /// "Lindenstraße 12, Entrance B".
    var place: String
    var address: String
    var errors: [FieldError]
    /// Titles of what is open already in the common parts, and since when.
    var known: [KnownFault]
    var locationNote: Field
    var category: Field
    var categories: [Choice]
    var title: Field
    var description: Field
    var photos: Field
    /// Chosen before, when the form came back.
    var held: HeldChoices
    var name: Field
    var email: Field
    var phone: Field
    /// `opened`: when the form was printed.
    var stamp: HiddenValue
    /// The field that nobody sees.
    var trap: Field
}

package struct KnownFault: Sendable {
    var title: String
    var state: Badge
    var reported: Moment
}

struct VisitorReportJSON: Codable, Sendable {
    let number: String
    let statusToken: String
    let statusUrl: String
}

/// What a program needs to build the form itself.
struct VisitorFormJSON: Codable, Sendable {
    struct Category: Codable, Sendable {
        let key: String
        let title: String
    }

    struct Known: Codable, Sendable {
        let title: String
        let status: String
        let reportedAt: Date
    }

    struct Outage: Codable, Sendable {
        let title: String
        let since: Date
        let expectedEnd: Date?
    }

    let building: String
    let part: String?
    let address: String
    let categories: [Category]
    let openFaults: [Known]
    let openOutages: [Outage]
}

/// An open fault of the common parts, as everybody in the staircase may know it.
struct KnownLine: Record, Sendable {
    let title: String
    let state: FaultState
    let reportedAt: Date

    init(row: Row) throws {
        title = try row["title"]
        state = try row["state"]
        reportedAt = try row["reported_at"]
    }
}

/// One request's view of a code: whose sheet, by which rules, in which words.
struct VisitorDesk: Sendable {
    let context: TenantContext
    let code: ReportCode
    let settings: FaultSettings
    let t: FaultsMessages

    /// The code as the sheet has it.
    private let text: String

    init(_ context: TenantContext, _ code: ReportCode, _ text: String, _ settings: FaultSettings) {
        (self.context, self.code, self.text, self.settings) = (context, code, text, settings)
        t = FaultsMessages(context.language)
    }

    private var language: String { context.language.rawValue }
    /// Titles only: no flat, no person, no number.
    func known() async throws -> KnownThere {
        let (outages, faults) = try await context.walled.read(KnownOutageLine.at(code, context.tenant.id), open)
        return KnownThere(outages: outages, faults: faults)
    }

    private var open: Query<[KnownLine]> {
        .many(
            """
            select title, state, reported_at from app.fault
             where tenant_id = \(context.tenant.id) and building_id = \(code.buildingID) and unit_id is null
               and state not in ('resolved', 'closed', 'cancelled')
             order by id desc limit 5
            """)
    }

    func json(_ known: KnownThere) -> VisitorFormJSON {
        VisitorFormJSON(
            building: code.building, part: code.part, address: address,
            categories: settings.categories.map { .init(key: $0.key, title: $0.value.title[language]) },
            openFaults: known.faults.map { .init(title: $0.title, status: $0.state.rawValue, reportedAt: $0.reportedAt) },
            openOutages: known.outages.map { .init(title: $0.title, since: $0.since, expectedEnd: $0.expectedEnd) })
    }

    private var address: String { "\(code.street), \(code.postalCode) \(code.city)" }

    func form(_ values: FormValues, _ problems: [FieldProblem], _ known: KnownThere, held: [HeldPhoto] = [])
        -> VisitorReportPage
    {
        let errors = ProblemText.errors(problems, context.language) { t.visit.problem(code: $0) }
        func field(
            _ name: String, _ label: String, hint: String? = nil, most: Int? = nil, required: Bool = false,
            autocomplete: String? = nil, standard: String = ""
        ) -> Field {
            Field(
                name, label: label, value: values.isEmpty ? standard : values[name], hint: hint,
                error: errors.message(for: name), required: required, maxLength: most, autocomplete: autocomplete)
        }
        var page = VisitorReportPage(
            action: "/r/\(VisitorTokens.spaced(text))",
            place: code.part.map { t.place(building: code.building, unit: $0) } ?? code.building, address: address,
            errors: [],
            known: lines(known),
            locationNote: field(
                "location_note", t.report.locationNote, hint: t.visit.locationHint, most: 200, standard: code.part ?? ""),
            category: field("category", t.report.category, required: true),
            categories: settings.categories.map { Choice($0.key, $0.value.title[language]) },
            title: field("title", t.report.fieldTitle, hint: t.visit.titleHint, most: 140, required: true),
            description: field("description", t.report.what, hint: t.report.whatHint, most: 5000, required: true),
            photos: field("photos", t.report.photos, hint: t.report.photosHint), held: HeldChoices(held, t),
            name: field("name", t.visit.name, most: 120, autocomplete: "name"),
            email: field("email", t.visit.email, hint: t.visit.emailHint, most: 254, autocomplete: "email"),
            phone: field("phone", t.visit.phone, most: 40, autocomplete: "tel"),
            stamp: HiddenValue(Humanity.stamp, Humanity.kept(values, code, context)),
            trap: Field(Humanity.trap, label: t.visit.trap, autocomplete: "off"))
        page.errors = errors.inOrder(
            of: [page.category, page.locationNote, page.title, page.description, page.photos, page.name, page.email, page.phone])
        return page
    }

    /// Outages first: they are the likelier reason why somebody stands before the sheet.
    private func lines(_ known: KnownThere) -> [KnownFault] {
        known.outages.map { outage in
            KnownFault(
                title: outage.title, state: Badge(t.incident.one, tone: .warn, mark: .triangle),
                reported: context.format.dayMoment(outage.since))
        }
            + known.faults.map { fault in
                KnownFault(
                    title: fault.title,
                    state: Badge(t.state(state: fault.state.rawValue), tone: fault.state.tone, mark: fault.state.mark),
                    reported: context.format.dayMoment(fault.reportedAt))
            }
    }
}
