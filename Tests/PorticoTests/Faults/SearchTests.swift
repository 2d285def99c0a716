import Foundation
import Testing

@testable import Database
@testable import Faults
@testable import Property
@testable import portico

@Suite("One search box")
struct SearchTests {
    @Test("It finds a fault, a place and a person with small mistakes, and an exact number or unit code stands first")
    func finds() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "Maria Kern")
        let resident = try await company.member("resident", name: "Jürgen Müller-Lüdenscheidt")
        let home = try await company.home("WE 03")
        try await company.moveIn(resident, home)
        let id = try await report(resident, "Wasserhahn in der Küche tropft")
        let number = try #require(try await manager.api(.get, "/faults/\(id)").json?["number"] as? String)
        for words in ["Wasserhahn", "wasserhan", "WASSER", "kueche tropft", "tropfd wasserhahn", number, number.lowercased(), "1"]
        {
            #expect(try await hits(manager, words).first?["id"] as? String == id, "\(words)")
        }
        for words in ["Müller", "Mueller", "Muller", "Lüdenscheid", "juergen mueler"] {
            #expect(try await hits(manager, words).first?["id"] as? String == resident.id.text, "\(words)")
        }
        for words in ["WE 03", "we03", "we-03"] {
            let found = try await hits(manager, words).first
            #expect(found?["id"] as? String == home.unit.text && found?["kind"] as? String == "unit", "\(words)")
        }
        let building = try #require(try await manager.api(.get, "/buildings/\(home.building)").json?["name"] as? String)
        #expect(try await hits(manager, building).first?["id"] as? String == home.building.text)
        #expect(try await hits(manager, "\(building) WE 03").first?["id"] as? String == home.unit.text)
        #expect(try await hits(manager, "Lindenstrase 1").contains { $0["id"] as? String == home.building.text })
        let email = try #require(try await manager.api(.get, "/people/\(resident.id)").json?["email"] as? String)
        #expect(try await hits(manager, email).first?["id"] as? String == resident.id.text)
    }

    @Test("Residents find their own faults and those of the common parts, and nobody else; technicians find what is theirs")
    func rights() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let (anna, bert) = (try await company.member("resident", name: "Anna Apfel"), try await company.member("resident"))
        let (home, other) = (try await company.home(), try await company.home("2.2"))
        try await company.moveIn(anna, home)
        try await company.moveIn(bert, other)
        let own = try await report(anna, "Heizung kalt bei Anna")
        let theirs = try await report(bert, "Heizung kalt bei Bert")
        let common = try await report(manager, "Heizung im Keller laut", "\"buildingId\":\"\(home.building)\"")
        #expect(Set(try await hits(anna, "heizung").compactMap { $0["id"] as? String }) == [own, common])
        #expect(Set(try await hits(anna, "heitzung").compactMap { $0["id"] as? String }) == [own, common])
        #expect(try await hits(anna, "Anna Apfel").allSatisfy { $0["kind"] as? String == "fault" })
        #expect(try await hits(anna, "2.2").isEmpty)
        let technician = try await company.member("technician")
        #expect(try await hits(technician, "heizung").isEmpty)
        #expect(try await manager.api(.patch, "/faults/\(theirs)", "{\"assigneeId\":\"\(technician.id)\"}").status == 200)
        #expect(try await hits(technician, "heizng").map { $0["id"] as? String } == [theirs])
        #expect(try await hits(technician, "Apfel").isEmpty)
        #expect(try await hits(technician, "2.2").first?["id"] as? String == other.unit.text)
        let stranger = try await TestCompany.fresh().member("manager")
        for words in ["heizung", "Apfel", "2.2", "heitzung"] { #expect(try await hits(stranger, words).isEmpty, "\(words)") }
    }

    @Test("The page marks hits, leads to the rest of each group, and says when there is nothing; no words are no search")
    func page() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let home = try await company.home()
        for index in 1...7 { _ = try await report(manager, "Tür \(index) klemmt", "\"unitId\":\"\(home.unit)\"") }
        let page = try await manager.get("/search?q=tuer").text
        #expect(page.contains("<mark>Tür</mark>") && page.contains("Alle 7 Schäden"))
        #expect(page.contains("href=\"/search?q=tuer&amp;in=faults\""))
        let rest = try await manager.api(.get, "/search?q=tuer&in=faults&limit=5").json
        let group = try #require((rest?["groups"] as? [[String: Any]])?.first)
        #expect(group["total"] as? Int == 7)
        let next = try #require(group["nextCursor"] as? String)
        let second = try await manager.api(.get, "/search?q=tuer&in=faults&limit=5&cursor=\(next)").json
        let last = try #require((second?["groups"] as? [[String: Any]])?.first)
        let seen = [group, last].flatMap { ($0["items"] as? [[String: Any]]) ?? [] }.compactMap { $0["id"] as? String }
        #expect(seen.count == 7 && Set(seen).count == 7 && last["nextCursor"] == nil)
        #expect(try await manager.get("/search?q=zzzzqqq").text.contains("Nichts gefunden"))
        let empty = try await manager.get("/search")
        #expect(empty.status == 200 && !empty.text.contains("Nichts gefunden"))
        #expect(try await manager.get("/faults").text.contains("action=\"/search\""))
        let fragment = try await manager.get("/search/hits?q=tuer").text
        #expect(fragment.contains("role=\"listbox\"") && fragment.contains("<mark>Tür</mark>") && !fragment.contains("<html"))
        #expect(try await manager.get("/search?q=a&cursor=x").status == 400)
    }

    static let odd = [
        "%", "_", "'", "\\", "' & '", ":*", "<script>", "\u{1F525}\u{1F525}", "((", "a:b & !c", "\u{202E}abc", "äöüß", "NUL\u{1}x"
    ]

    @Test("Words that mean something to Postgres or to HTML are only words", arguments: odd)
    func meaningless(_ words: String) async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        let answer = try await manager.get("/search?q=\(TestMember.encode("tap " + words))")
        #expect(answer.status == 200 || answer.status == 400, "\(words)")
        #expect(!answer.text.contains("<script>"))
    }

    @Test("What the functions ask is what the indexes hold")
    func plans() async throws {
        let company = try await TestCompany.fresh()
        try await FaultStock.fresh(company).addMany(5_000)
        let session = try AdminSession(url: try #require(TestDatabase.shared.adminURL), role: nil)
        try session.run("analyze app.fault")
        session.close()
        let tenant = company.tenant.id
        let statements: [(SQL, String)] = [
            (
                """
                select id from app.fault f where app.words_of(f.tenant_id, f.number || ' ' || f.title || ' ' || f.description)
                   @@ '''7:wasser'''::tsquery
                """, "fault_words"
            ),
            (
                "select id from app.fault f where app.spelling_of(f.tenant_id, f.title) @@ app.spelling_asked(7, 'hezung')",
                "fault_spelling"
            ),
            (
                "select id from app.member m where app.folded(m.name || ' ' || m.email) operator(public.%>) 'mueler'",
                "member_search"
            ),
            ("select id from app.unit u where u.tenant_id = 7 and app.code(u.label) = 'we03'", "unit_code"),
            (
                "select id from app.fault f where f.tenant_id = \(tenant) and f.number = any(array['F-2026-1'])",
                "fault_tenant_id_number_key"
            )
        ]
        let owner = try await TestDatabase.shared.database(role: "portico_migrator", size: 1)
        try await owner.withoutTenant { tx in
            _ = try await tx.execute("set local role portico_search")
            _ = try await tx.execute("set local enable_seqscan = off")
            for (sql, index) in statements {
                let plan = try await tx.values("explain \(sql)", String.self).joined(separator: "\n")
                #expect(plan.contains(index), "\(plan)")
            }
        }
    }

    @Test(
        "One mistake in a word, wherever it stands, leaves the word among those that are looked at",
        arguments: [
            "heizung", "radiator", "boiler", "lift", "treppenhausbeleuchtung", "tür"
        ])
    func mistakes(_ word: String) async throws {
        let letters = Array(word)
        var typed: Set<String> = []
        for place in letters.indices {
            var missing = letters, doubled = letters, wrong = letters, swapped = letters
            missing.remove(at: place)
            doubled.insert(letters[place], at: place)
            wrong[place] = "x"
            if place > 0 { swapped.swapAt(place, place - 1) }
            typed.formUnion([missing, doubled, wrong, swapped].map { String($0) })
        }
        let owner = try await TestDatabase.shared.database(role: "portico_migrator", size: 1)
        try await owner.withoutTenant { tx in
            _ = try await tx.execute("set local role portico_search")
            _ = try await tx.execute("set local pg_trgm.word_similarity_threshold = 0.45")
            let title = "Die \(word.capitalized) im Keller, Haus 3"
            let lost = try await tx.values(
                """
                select w from unnest(\(Array(typed))::text[]) w
                 where app.folded(\(title)) operator(public.%>) app.folded(w)
                   and not app.spelling_of(7, \(title)) @@ app.spelling_asked(7, app.folded(w))
                """, String.self)
            #expect(lost.isEmpty, "\(word): \(lost)")
            let foreign = try await tx.values(
                "select app.spelling_of(8, \(title))::text where app.spelling_of(8, \(title)) @@ app.spelling_asked(7, app.folded(\(word)))",
                String.self)
            #expect(foreign.isEmpty)
        }
    }

    private func hits(_ member: TestMember, _ words: String) async throws -> [[String: Any]] {
        let answer = try await member.api(.get, "/search?q=\(TestMember.encode(words))")
        #expect(answer.status == 200, "\(answer.text)")
        let groups = answer.json?["groups"] as? [[String: Any]] ?? []
        return groups.flatMap { ($0["items"] as? [[String: Any]]) ?? [] }
    }

    private func report(_ member: TestMember, _ title: String, _ place: String? = nil) async throws -> String {
        let rest = place.map { ",\($0)" } ?? ""
        let answer = try await member.api(
            .post, "/faults", "{\"title\":\"\(title)\",\"description\":\"d\",\"category\":\"heating\"\(rest)}")
        return try #require(answer.json?["faultId"] as? String, "\(answer.text)")
    }
}

@Suite("What a search marks")
struct HighlightTests {
    @Test("Words that fit are marked, folded and with small mistakes; the rest of the text stays as it is")
    func marks() {
        func marked(_ words: String, _ text: String) -> [String] {
            let parts = Highlight(words).parts(text)
            #expect(parts.map(\.text).joined() == text)
            return parts.filter(\.isHit).map(\.text)
        }
        #expect(marked("kueche", "Küche, Bad & Flur") == ["Küche"])
        #expect(marked("wasserhan", "Der Wasserhahn tropft") == ["Wasserhahn"])
        #expect(marked("hahn", "Der Wasserhahn tropft") == ["Wasserhahn"])
        #expect(marked("", "Der Wasserhahn") == [])
        #expect(marked("F-2026-0012", "F-2026-0012 · Haus") == ["F", "2026", "0012"])
    }
}
