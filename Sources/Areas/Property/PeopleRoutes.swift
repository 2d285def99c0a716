import Database
import Forms
import Foundation
import HTML
import Identity
import UI
import Web

/// Everybody of the company, with what they live in and own.
struct PeopleRoutes: Sendable {
    private static let filters = ["role", "building", "state"]

    func add(to routes: Routes) {
        routes.get("people", may: .seePeople, use: list)
            .tells("Lists the people of the company.")
            .asks(.text("q"), .text("role"), .uuid("building"), .text("state")).lists(PersonJSON.self)
        routes.get("people.csv", may: .seePeople, use: export)
            .tells("The same as CSV, all pages.")
            .asks(.text("q"), .text("role"), .uuid("building"), .text("state")).asks(.paging).gives(file: "text/csv")
        routes.get("people/{id}", may: .seePeople, use: show)
            .tells("Somebody, with what they live in and own.").gives(PersonJSON.self)
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let request = try ListRequest(incoming, "/people", Self.filters)
        let condition = PersonFilter(request).condition(context.tenant.id, context.today)
        let (lines, total, buildings) = try await context.read(
            PersonLine.page(condition, request.cursor, size: request.size, today: context.today), PersonLine.count(condition),
            BuildingName.all(context.tenant.id))
        let page = KeysetPage(lines, size: request.size, cursor: request.cursor) { $0.id }
        return .show(
            PeoplePage(page, total, request, buildings, context),
            json: ListJSON(items: page.lines.map { PersonJSON($0) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let request = try ListRequest(incoming, "/people", Self.filters)
        let condition = PersonFilter(request).condition(context.tenant.id, context.today)
        var csv = CSV(head: ["name", "email", "roles", "places"])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(PersonLine.page(condition, cursor, size: 1000, today: context.today))
            for line in lines.prefix(1000) {
                csv.append([line.name, line.email, line.roles.joined(separator: " "), line.places.joined(separator: "; ")])
            }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "people.csv"))
    }

    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let (person, occupancies, signIns) = try await context.read(
            PersonLine.find(id, context.tenant.id, today: context.today), OccupancyLine.of(member: id, context.tenant.id),
            context.may(.endSessions) ? SignInSummary.of(id, context.tenant.id, now: context.now) : .known(nil))
        return .show(PersonPage(person, occupancies, signIns, context), json: PersonJSON(person, occupancies))
    }
}

extension PeoplePage {
    init(
        _ page: KeysetPage<PersonLine>, _ total: Int, _ request: ListRequest, _ buildings: [BuildingName],
        _ context: MemberContext
    ) {
        let t = PropertyMessages(context.language)
        let words = request.field("q", t.persons.search)
        let filters = [
            ListFilter(
                field: request.field("role", t.persons.role),
                choices: context.tenant.configuration.roles.map { Choice($0.key, $0.title[context.language.rawValue]) },
                all: t.filter.any),
            ListFilter(
                field: request.field("building", t.buildings.name), choices: buildings.map { Choice($0.id.text, $0.name) },
                all: t.filter.anyBuilding),
            ListFilter(
                field: request.field("state", t.filter.state), choices: [Choice("disabled", t.persons.disabled)],
                all: t.persons.active)
        ]
        let chips = request.chips(words, filters)
        self.init(
            action: "/people", words: words, filters: filters, summary: t.persons.summary(count: total), chips: chips,
            clear: chips.isEmpty ? nil : "/people", csv: request.path("/people.csv"),
            rows: page.lines.map { person in
                PersonRow(
                    path: "/people/\(person.id.text)", name: person.name, email: person.email,
                    roles: context.tenant.titles(of: person.roles, language: context.language.rawValue),
                    places: person.places.joined(separator: "; "), disabled: person.isDisabled)
            }, pager: request.pager(page, t.persons.summary(count: total)))
    }
}

extension PersonPage {
    init(_ line: PersonLine, _ occupancies: [OccupancyLine], _ signIns: SignInSummary?, _ context: MemberContext) {
        let t = PropertyMessages(context.language)
        let row = { (one: OccupancyLine) in
            PlaceRow(
                path: "/units/\(one.unitID.text)", place: "\(one.building), \(one.unit)", role: one.role(t, context),
                share: one.share?.text ?? "")
        }
        var facts = [
            Fact(t.persons.email, line.email),
            Fact(t.persons.role, context.tenant.titles(of: line.roles, language: context.language.rawValue))
        ]
        if line.isDisabled { facts.append(Fact(t.filter.state, t.persons.disabled)) }
        self.init(
            name: line.name, crumbs: [Crumb(t.persons.title, "/people"), Crumb(line.name)], facts: facts,
            present: occupancies.filter { !$0.isFormer(on: context.today) }.map(row),
            former: occupancies.filter { $0.isFormer(on: context.today) }.map(row),
            signIns: signIns.map { PersonSignIns($0, of: line.id, context) })
    }
}

extension PersonSignIns {
    init(_ summary: SignInSummary, of member: UUID, _ context: MemberContext) {
        let t = PropertyMessages(context.language).persons
        self.init(
            signIns: t.signIns(count: summary.signIns), tokens: t.tokens(count: summary.tokens),
            seen: summary.seenAt.map(context.format.moment),
            end: summary.signIns + summary.tokens > 0 ? "/people/\(member.text)/sessions/revocation" : nil)
    }
}
