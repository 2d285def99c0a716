import Crypto
import Database
import Foundation
import HTTPTypes
import Identity
import Testing
import Web

@testable import Notifications
@testable import portico

@Suite("Members say which of their devices are told")
struct PushRegistrationTests {
    @Test("The page registers a browser, lists it and takes it away; what is no subscription is 422, for programs 400")
    func page() async throws {
        let company = try await TestCompany.fresh()
        let (member, device) = (try await company.member("resident"), PushDevice())
        let before = try await member.get("/account/notifications").text
        #expect(before.contains("data-push=\"") && before.contains("src=\"/a/push-"))
        let fields = [("endpoint", "https://push.example/1"), ("p256dh", device.p256dh), ("auth", device.auth)]
        let firefox: HTTPFields = [.userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"]
        #expect(try await member.post("/push/registrations", fields, firefox).status == 303)
        #expect(try await member.post("/push/registrations", fields, firefox).status == 303, "again is the same device")
        #expect(try await member.devices().count == 1)
        #expect(try await member.get("/account/notifications").text.contains("Firefox"))
        let wrong = [("endpoint", "javascript:x"), ("p256dh", device.p256dh), ("auth", device.auth)]
        #expect(try await member.post("/push/registrations", wrong).status == 422)
        for bad in ["{}", "{\"kind\":\"fcm\"}", "{\"endpoint\":\"https://push.example/\",\"p256dh\":\"AAAA\",\"auth\":\"BBBB\"}"]
        {
            #expect(try await member.api(.post, "/push/registrations", bad).status == 400, "\(bad)")
        }
        #expect(try await member.register(device, at: "ftp://push.example/1").status == 400)
        let items = try await member.api(.get, "/push/registrations").json?["items"] as? [[String: Any]]
        let id = try #require(items?.first?["id"] as? String)
        #expect(try await member.post("/push/registrations/\(id)/removal").status == 303)
        #expect(try await member.api(.delete, "/push/registrations/\(id)").status == 404)
        #expect(try await member.devices() == [])
    }

    @Test("Nobody sees, removes or tries another's devices; a browser that somebody else registers is theirs alone from then on")
    func others() async throws {
        let company = try await TestCompany.fresh()
        let (anna, ben, device) = (try await company.member("resident"), try await company.member("resident"), PushDevice())
        let made = try await anna.register(device, at: "https://push.example/shared")
        let id = try #require(made.json?["id"] as? String)
        #expect(try await ben.api(.delete, "/push/registrations/\(id)").status == 404)
        #expect(try await ben.devices() == [])
        #expect(try await ben.register(device, at: "https://push.example/shared").status == 201)
        #expect(try await anna.devices() == [])
        #expect(try await ben.devices().count == 1)
        let stranger = try await TestCompany.fresh().member("resident")
        #expect(try await stranger.register(device, at: "https://push.example/shared").status == 201)
        #expect(try await ben.devices().count == 1, "another company is another world")
    }

    @Test("Nobody registers or tries devices without end: the 429 says when again")
    func often() async throws {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager")
        var tries: [TestAnswer] = []
        for _ in 0..<11 { tries.append(try await manager.api(.post, "/push/registrations/trial", "{}")) }
        #expect(tries.dropLast().allSatisfy { $0.status == 200 })
        #expect(tries.last?.status == 429 && tries.last?.headers[.retryAfter] != nil)
    }

    @Test("Twenty devices are enough, and the address of none of them stands in the database or in an answer")
    func most() async throws {
        let company = try await TestCompany.fresh()
        let member = try await company.member("resident")
        for number in 0..<20 {
            #expect(try await member.register(PushDevice(), at: "https://push.example/secret-\(number)").status == 201)
        }
        #expect(try await member.register(PushDevice(), at: "https://push.example/one-more").status == 400)
        #expect(!(try await member.api(.get, "/push/registrations").text.contains("secret-")))
        let found = try await company.walled.read(
            Query.value(
                """
                select count(*) from app.push_registration r where r.tenant_id = \(company.tenant.id) and r::text like '%secret-%'
                """, Int.self))
        #expect(found == 0)
    }

    @Test("Whoever signs out at a browser is told nothing there any more; whoever is shut out, nowhere")
    func signedOut() async throws {
        let company = try await TestCompany.fresh()
        let (member, admin) = (try await company.member("resident"), try await company.member("admin"))
        let browser = SessionToken()
        var cookies: HTTPFields = [
            .cookie: "portico=\(member.cookie); portico_device=\(browser.text)",
            .contentType: "application/x-www-form-urlencoded"
        ]
        cookies[try #require(HTTPField.Name("Sec-Fetch-Site"))] = "same-origin"
        let head = cookies
        func post(_ path: String, _ fields: [(String, String)]) async throws -> Int {
            let all = fields + [("csrf_token", try await member.csrf()), ("form_key", UUID().uuidString)]
            let body = all.map { "\(TestMember.encode($0.0))=\(TestMember.encode($0.1))" }.joined(separator: "&")
            return try await TestAnswer.of(company.app, company.host, .post, path, head, Array(body.utf8)).status
        }
        let device = PushDevice()
        let here = [("endpoint", "https://push.example/a"), ("p256dh", device.p256dh), ("auth", device.auth)]
        #expect(try await post("/push/registrations", here) == 303)
        try await member.register(PushDevice(), at: "https://push.example/b", label: "Elsewhere")
        #expect(try await member.devices().count == 2)
        #expect(try await post("/logout", []) == 303)
        try await company.drainJobs()
        #expect(try await member.devices() == ["Elsewhere"])
        #expect(try await admin.api(.post, "/people/\(member.id.text)/suspension", "{}").status < 300)
        try await company.drainJobs()
        let left = try await company.walled.read(
            Query.value("select count(*) from app.push_registration where tenant_id = \(company.tenant.id)", Int.self))
        #expect(left == 0)
    }

    @Test("Whoever ends all other sign-ins, or one of them, ends what their devices show; this browser goes on")
    func ended() async throws {
        let company = try await TestCompany.fresh()
        let member = try await company.member("resident")
        let (here, lost) = (SessionToken(), SessionToken())
        let (first, second) = (UUID.v7(), UUID.v7())
        try await company.walled.write { tx in
            for (label, browser, family) in [("Here", here, first), ("Lost", lost, second)] {
                try await tx.execute(
                    """
                    insert into app.push_registration(tenant_id, id, member_id, kind, hash, sealed, label, browser, made_at)
                    values (\(company.tenant.id), \(family), \(member.id), 'web', \(browser.hash), \(browser.hash), \(label),
                            \(browser.hash), now())
                    """)
                _ = Sessions.open(.browser, member.id, family: family, staff: false, agent: nil, browser: browser.hash, tx)
            }
        }
        try await member.register(PushDevice(), at: "https://push.example/app", label: "App")
        #expect(try await member.api(.delete, "/me/sessions/\(second.text)").status == 204)
        try await company.drainJobs()
        #expect(Set(try await member.devices()) == ["Here", "App"])
        let session = try await company.walled.read(
            Query.value("select id from app.session where tenant_id = \(company.tenant.id) and family = \(first)", UUID.self))
        try await company.walled.write { tx in try await Sessions.closeAll(of: member.id, but: session, tx) }
        try await company.drainJobs()
        let left = try await company.walled.read(
            Query.values("select label from app.push_registration where tenant_id = \(company.tenant.id)", String.self))
        #expect(left == ["Here"])
    }

    @Test("The service worker stands at its own address, and a browser asks each time whether it has changed")
    func worker() async throws {
        let company = try await TestCompany.fresh()
        let answer = try await company.anonymous(.get, "/sw.js")
        #expect(answer.status == 200 && answer.headers[.contentType]?.hasPrefix("text/javascript") == true)
        #expect(answer.headers[.cacheControl] == "no-cache")
        let tag = try #require(answer.headers[.eTag])
        #expect(try await company.anonymous(.get, "/sw.js", [.ifNoneMatch: tag]).status == 304)
    }
}
