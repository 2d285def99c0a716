import Database
import Foundation
import Testing

@testable import portico

@Suite("Documents: who sees what")
struct ShelfRightsTests {
    @Test("A folder is of roles, of buildings or of both; what lies in it is closed with it, and can only be closed further")
    func visibility() async throws {
        let house = try await NewsHouse.fresh()
        let owners = try await house.folder("Owners", in: nil, ",\"roles\":[\"owner\"]")
        let mine = try await house.folder("House", in: nil, house.ofHome)
        let both = try await house.folder("Both", in: mine, ",\"roles\":[\"owner\"]")
        let wide = try await house.folder("Wide", in: both)
        let rules = try await house.document("Rules")
        let offer = try await house.document("Offer", in: wide)
        #expect(try await house.anna.folders() == ["House"])
        #expect(try await house.otto.folders() == ["Both", "House", "Owners", "Wide"])
        #expect(try await house.ben.folders() == [])
        #expect(try await house.manager.folders().count == 4)
        #expect(try await house.ben.shelf() == ["Rules"])
        for (reader, entries) in [(house.anna, 0), (house.otto, 1), (house.manager, 1)] {
            let folder = try #require(try await reader.api(.get, "/documents/folders/\(mine)").json)
            #expect(folder["entries"] as? Int == entries, "what is closed to somebody is not counted for them")
            #expect((folder["buildingIds"] != nil) == (reader.id == house.manager.id))
        }
        #expect(try await house.otto.shelf(wide) == ["Offer"])
        for stranger in [house.anna, house.ben] {
            #expect(try await stranger.api(.get, "/documents?folder=\(wide)").status == 404)
            #expect(try await stranger.get("/documents/folders/\(wide)").status == 404)
            for path in ["/documents/\(offer)", "/documents/\(offer)/file"] {
                #expect(try await stranger.api(.get, path).status == 404)
            }
            #expect(try await stranger.api(.get, "/search?q=offer").text.contains(offer) == false)
            #expect(try await stranger.api(.get, "/documents/\(rules)/file").status == 200)
        }
        #expect(try await house.otto.api(.get, "/search?q=offer").text.contains(offer))
        #expect(try await house.otto.api(.get, "/search?q=quiet").text.contains(offer), "words of a text are found, too")
        // Sold: the same folder is closed at once.
        try await house.company.run(
            "update app.occupancy set until = '2024-01-01' where tenant_id = \(house.tenant) and member_id = \(house.otto.id)")
        #expect(try await house.otto.folders() == ["Owners"])
        #expect(try await house.otto.api(.get, "/documents/\(offer)/file").status == 404)
        #expect(try await house.otto.shelf(owners) == [])
    }

    @Test("Who acts for an owner reads the papers of the owner's building and finds them, for as long as that is lent")
    func lent() async throws {
        let house = try await NewsHouse.fresh()
        let friend = try await house.company.member("technician", name: "Jan Weber")
        try await house.company.run("update app.member set password_hash = 'x' where id = \(friend.id)")
        let offer = try await house.document("Offer", in: try await house.folder("House", in: nil, house.ofHome))
        func sees() async throws -> [Bool] {
            let found = try await friend.api(.get, "/search?q=offer").text.contains(offer)
            return [found, try await friend.api(.get, "/documents/\(offer)").status == 200]
        }
        #expect(try await sees() == [false, false])
        let lent = try await house.otto.lend(house.home, to: try await friend.email, ["view_documents"], until: nil)
        let id = try #require(lent.json?["delegationId"] as? String, "\(lent.text)")
        #expect(try await sees() == [false, false], "what is only offered opens nothing")
        #expect(try await friend.api(.post, "/delegations/\(id)/accept", "{}").status == 200)
        #expect(try await sees() == [true, true])
        // Sold: what its owner lent is over.
        try await house.company.run(
            "update app.occupancy set until = '2024-01-01' where tenant_id = \(house.tenant) and member_id = \(house.otto.id)")
        #expect(try await sees() == [false, false])
    }

    @Test("Only who manages documents changes anything; another company's is not there")
    func strangers() async throws {
        let (house, other) = (try await NewsHouse.fresh(), try await NewsHouse.fresh())
        let (folder, document) = (try await house.folder("Contracts"), try await house.document("Rules"))
        #expect(try await house.anna.api(.post, "/documents/folders", "{\"name\":\"Mine\"}").status == 403)
        #expect(try await house.anna.api(.post, "/documents/\(document)", "{\"name\":\"Mine\"}").status == 403)
        #expect(try await house.anna.api(.delete, "/documents/\(document)").status == 403)
        #expect(try await house.anna.api(.get, "/documents/\(document)/versions/1").status == 403)
        #expect(try await house.anna.get("/documents/bin").status == 403)
        for path in ["/documents/\(document)", "/documents/\(document)/file", "/documents/folders/\(folder)"] {
            let gone = path.replacing(document, with: UUID().text).replacing(folder, with: UUID().text)
            #expect(
                try await other.manager.api(.get, path).withoutRequestID
                    == (try await other.manager.api(.get, gone)).withoutRequestID)
        }
        #expect(try await other.manager.api(.delete, "/documents/\(document)").status == 404)
        #expect(
            try await other.manager.api(.post, "/documents/folders", "{\"name\":\"x\",\"parentId\":\"\(folder)\"}").status == 400)
    }

    @Test(
        "A folder of a role that the company has no more stays theirs when it is renamed, and whom it was opened for is on record"
    )
    func goneRole() async throws {
        let house = try await NewsHouse.fresh()
        let folder = try await house.folder("Board", in: nil, ",\"roles\":[\"owner\"]" + house.ofHome)
        let id = UUID(uuidString: folder)
        try await house.company.run(
            "update app.folder set roles = '{board}' where tenant_id = \(house.tenant) and id = \(id)")
        let page = try await house.manager.get("/documents/folders/\(folder)/settings").text
        #expect(page.contains("value=\"board\" checked") && page.contains("value=\"\(house.home.building.text)\" checked"))
        let change = [
            ("name", "The board"), ("roles", "board"), ("building_ids", house.elsewhere.building.text), ("version", "1")
        ]
        #expect(try await house.manager.post("/documents/folders/\(folder)", change).status == 303)
        #expect(try await house.otto.folders() == [])
        let unknown = change.dropLast() + [("roles", "nobody"), ("version", "2")]
        #expect(try await house.manager.post("/documents/folders/\(folder)", Array(unknown)).status == 422)
        let line: SQL =
            "app.audit_line where tenant_id = \(house.tenant) and action = 'folder.edited' and after::text like \("%\(house.elsewhere.building.text)%" as String)"
        #expect(try await house.company.count(line) == 1)
    }

    @Test("A document's form that was refused changes the version that was opened, not one that somebody made meanwhile")
    func opened() async throws {
        let house = try await NewsHouse.fresh()
        let (id, closed) = (
            try await house.document("Offer"), try await house.folder("Closed", in: nil, ",\"roles\":[\"owner\"]")
        )
        let moved = "{\"name\":\"Offer\",\"folderId\":\"\(closed)\",\"version\":1}"
        #expect(try await house.manager.api(.post, "/documents/\(id)", moved).status == 200)
        let refused = try await house.manager.post("/documents/\(id)", [("name", ""), ("note", "mine"), ("version", "1")])
        #expect(refused.status == 422 && refused.text.contains("name=\"version\" value=\"1\"") && refused.text.contains("mine"))
        let stale = try await house.manager.post("/documents/\(id)", [("name", "Offer"), ("note", "mine"), ("version", "1")])
        #expect(stale.status == 409 && stale.text.contains("name=\"version\" value=\"2\"") && stale.text.contains("mine"))
        #expect(try await house.anna.api(.get, "/documents/\(id)").status == 404, "where it was moved to it stays")
        #expect(try await house.anna.api(.get, "/documents.csv?folder=\(closed)").status == 404)
    }
}
