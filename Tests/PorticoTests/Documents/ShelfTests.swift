import Database
import Foundation
import HTTPTypes
import Testing

@testable import Documents
@testable import portico

@Suite("Documents: versions, the tree, the bin")
struct ShelfTests {
    @Test("Each upload is a version: people get the newest, those who look after documents all of them")
    func versions() async throws {
        let house = try await NewsHouse.fresh()
        let id = try await house.document("Rules", in: nil, "Quiet from ten")
        let next = Data("Quiet from nine".utf8).base64EncodedString()
        let answer = try await house.manager.api(.post, "/documents/\(id)/versions", "{\"file\":\"\(next)\"}")
        #expect(answer.status == 201, "\(answer.text)")
        let file = try await house.anna.api(.get, "/documents/\(id)/file")
        #expect(file.text == "Quiet from nine")
        #expect(file.headers[.contentDisposition]?.hasPrefix("attachment") == true)
        #expect(try await house.manager.api(.get, "/documents/\(id)/versions/1").text == "Quiet from ten")
        #expect(try await house.manager.api(.get, "/documents/\(id)/versions/3").status == 404)
        let numbers = { (member: TestMember) in
            (try await member.api(.get, "/documents/\(id)").json?["versions"] as? [[String: Any]] ?? []).compactMap {
                $0["number"] as? Int
            }
        }
        #expect(try await numbers(house.manager) == [2, 1])
        #expect(try await numbers(house.anna) == [2])
        #expect(try await house.anna.api(.get, "/search?q=nine").text.contains(id))
        #expect(try await house.anna.api(.get, "/search?q=ten").text.contains(id) == false)
    }

    @Test("The content decides what a file is: programs, archives and macros are refused, pictures are made anew")
    func kinds() async throws {
        let house = try await NewsHouse.fresh()
        let archive: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
        let macros = archive + Array("[Content_Types].xml word/document.xml word/vbaProject.bin".utf8)
        let old: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        let refused: [[UInt8]] = [
            Array("\u{7F}ELF\u{1}".utf8), archive + Array("readme".utf8), old, macros, Array("a\u{0}b".utf8)
        ]
        for bytes in refused { #expect(try await house.upload("x", bytes).status == 415) }
        #expect(try await house.upload("x", []).status == 400)
        #expect(try await house.upload("Paper", NewsHouse.paper("Paper", "Line")).status == 201)
        let letter = archive + Array("....[Content_Types].xml....word/document.xml".utf8)
        #expect(try await house.upload("Letter", letter).status == 201)
        let picture = try await house.upload("Plan", PNG.encode(Array(repeating: 90, count: 80 * 60 * 3), width: 80, height: 60))
        let id = try #require(picture.json?["documentId"] as? String, "\(picture.text)")
        #expect(try await house.anna.api(.get, "/documents/\(id)/thumbnail").bytes.prefix(3) == [0xFF, 0xD8, 0xFF])
        #expect(FileKind(Array("Plain words".utf8)) == .text)
        #expect(FileName("virus.exe", .pdf) == nil)
        #expect(FileName("a.b.PDF", .pdf)?.text == "a.b.pdf")
        #expect(FileName("holiday.png", .picture)?.text == "holiday.jpg")
        #expect(try await house.anna.get("/documents").text.contains("Paper"))
        #expect(try await house.manager.api(.get, "/documents.csv").text.contains("application/pdf"))
    }

    @Test("A PDF shows its first page and is found by its words once it was read; one that cannot be read stays a file")
    func papers() async throws {
        let house = try await NewsHouse.fresh()
        let answer = try await house.upload("Rules", NewsHouse.paper("House rules", "Bicycles stand in the cellar"))
        let id = try #require(answer.json?["documentId"] as? String, "\(answer.text)")
        #expect(try await house.anna.api(.get, "/documents/\(id)/preview").status == 404)
        try await house.company.drainJobs()
        let preview = try await house.anna.api(.get, "/documents/\(id)/preview")
        #expect(preview.status == 200 && preview.bytes.prefix(3) == [0xFF, 0xD8, 0xFF], "\(preview.text)")
        #expect(try await house.anna.api(.get, "/documents/\(id)/thumbnail").bytes.count < preview.bytes.count)
        #expect(
            try await house.anna.api(.get, "/documents/\(id)").json?["document"].flatMap {
                ($0 as? [String: Any])?["pages"] as? Int
            } == 1)
        let page = try await house.anna.get("/documents/\(id)").text
        #expect(page.contains("src=\"/documents/\(id)/preview?v=1\"") && page.contains("<figcaption>"), "\(page)")
        #expect(try await house.anna.api(.get, "/search?q=bicycles").text.contains(id))
        // A newer version that says something else: the words of the older one are not found any more.
        let next = Data(try NewsHouse.paper("House rules", "Prams stand in the hall")).base64EncodedString()
        #expect(try await house.manager.api(.post, "/documents/\(id)/versions", "{\"file\":\"\(next)\"}").status == 201)
        try await house.company.drainJobs()
        #expect(try await house.anna.api(.get, "/search?q=prams").text.contains(id))
        #expect(
            try await house.anna.get("/documents/\(id)").text.contains("/preview?v=2\""),
            "a browser keeps what it had of version 1")
        #expect(try await house.anna.api(.get, "/search?q=bicycles").text.contains(id) == false)
        let broken = try await house.upload("Broken", Array("%PDF-1.7 and nothing else".utf8))
        let other = try #require(broken.json?["documentId"] as? String, "\(broken.text)")
        try await house.company.drainJobs()
        let left: SQL = "jobs.queue where tenant_id = \(house.tenant) and kind = 'documents.read-pdf' and state <> 'done'"
        #expect(try await house.company.count(left) == 0)
        let plain = try await house.anna.get("/documents/\(other)")
        #expect(plain.status == 200 && !plain.text.contains("/preview"))
        #expect(try await house.anna.api(.get, "/documents/\(other)/preview").status == 404)
        #expect(try await house.anna.api(.get, "/documents/\(other)/file").text == "%PDF-1.7 and nothing else")
    }

    @Test("A folder moves with all that lies in it, never into itself, and never too deep")
    func tree() async throws {
        let house = try await NewsHouse.fresh()
        let (a, b) = (try await house.folder("A"), try await house.folder("B", in: nil, house.ofHome))
        let inner = try await house.folder("Inner", in: a)
        let deep = try await house.document("Deep", in: inner)
        let move = { (id: String, parent: String, name: String) in
            try await house.manager.api(.post, "/documents/folders/\(id)", "{\"name\":\"\(name)\",\"parentId\":\"\(parent)\"}")
        }
        #expect(try await house.ben.api(.get, "/documents/\(deep)").status == 200)
        #expect(try await move(a, inner, "A").text.contains("within_itself"))
        #expect(try await move(a, b, "A").status == 200)
        #expect(try await house.ben.api(.get, "/documents/\(deep)").status == 404, "it lies in a house of others now")
        #expect(try await house.anna.api(.get, "/documents/\(deep)").status == 200)
        var last = inner
        for depth in 4...Folder.deepest { last = try await house.folder("Level \(depth)", in: last) }
        let answer = try await house.manager.api(.post, "/documents/folders", "{\"name\":\"x\",\"parentId\":\"\(last)\"}")
        #expect(answer.code == "too_many_folders")
        let page = try await house.manager.post("/documents/folders", [("name", "B")])
        #expect(page.status == 422)
        #expect(try await move(last, b, "B").status == 200, "names differ within one folder only")
    }

    @Test("What is deleted waits for 30 days, comes back where it lay, and is then gone with its files")
    func bin() async throws {
        let house = try await NewsHouse.fresh()
        let folder = try await house.folder("Old")
        let (inside, top) = (try await house.document("Inside", in: folder), try await house.document("Top"))
        let binned = { try await house.manager.api(.get, "/documents/bin").items.compactMap { $0["name"] as? String }.sorted() }
        #expect(try await house.manager.api(.delete, "/documents/\(inside)").status == 204)
        #expect(try await house.manager.api(.delete, "/documents/folders/\(folder)").status == 204)
        #expect(try await house.manager.api(.delete, "/documents/\(top)").status == 204)
        #expect(try await binned() == ["Inside", "Old", "Top"])
        #expect(try await house.anna.api(.get, "/documents/\(top)/file").status == 404)
        #expect(try await house.manager.api(.post, "/documents/\(inside)/restoration", "{}").code == "folder_binned")
        #expect(try await house.manager.post("/documents/folders/\(folder)/restoration").status == 303)
        #expect(try await house.manager.api(.post, "/documents/\(inside)/restoration", "{}").status == 200)
        #expect(try await house.anna.shelf(folder) == ["Inside"])
        #expect(try await binned() == ["Top"])
        let run = { (days: Double) in
            let later = Date().addingTimeInterval(days * 86_400)
            let job = EmptyBin(due: later)
            let keys = try await house.company.app.workerDatabase.tenant(
                TxFacts(tenant: house.tenant, requestID: "test", now: later)
            ).write { tx in try await job.run(tx) }
            return keys.count
        }
        #expect(try await run(29) == 0)
        #expect(try await binned() == ["Top"])
        #expect(try await run(31) == 1)
        #expect(try await binned() == [])
        #expect(try await house.company.count("app.document_version where tenant_id = \(house.tenant)") == 1)
        _ = try await house.manager.api(.delete, "/documents/folders/\(folder)")
        let folderID = UUID(uuidString: folder)
        func deleted(_ days: Int) async throws {
            try await house.company.run(
                "update app.folder set deleted_at = now() - make_interval(days => \(Int32(days))) where tenant_id = \(house.tenant) and id = \(folderID)"
            )
        }
        try await deleted(31)
        #expect(try await binned() == [])
        #expect(
            try await house.manager.api(.post, "/documents/folders/\(folder)/restoration", "{}").status == 404,
            "it is being removed")
        try await deleted(0)
        #expect(try await run(62) == 1)
        #expect(try await run(62) == 0)
        #expect(try await house.company.count("app.folder where tenant_id = \(house.tenant)") == 0)
        let lines: SQL = "app.audit_line where tenant_id = \(house.tenant) and action = 'folder.removed'"
        #expect(try await house.company.count(lines) == 1)
    }
}
