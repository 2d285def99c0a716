import Database
import Foundation
import Jobs
import Mail
import Testing
import Web

@testable import Notifications
@testable import portico

@Suite("Notices leave the house once, or somebody sees that they did not")
struct DeliveryTests {
    @Test("A notice told twice and sent by two jobs arrives once, in the recipient's language")
    func once() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let (jan, ann) = (try await company.member("technician"), try await company.member("technician", name: "Ann Lee"))
        _ = try await company.walled.write { tx in
            try await tx.execute(
                "update app.member set locale = 'en' where tenant_id = \(company.tenant.id) and id = \(ann.id)")
        }
        let notice = Notice.assigned(key: "same")
        for _ in 0..<2 { try await company.tell([jan, ann], notice) }
        let channels = Channels(mail: try peer.channel())
        try await company.send(by: channels)
        let again = try await company.walled.read(
            Query.values("select id from app.delivery where tenant_id = \(company.tenant.id)", UUID.self))
        try await company.walled.write { tx in for id in again { try tx.enqueue(SendDelivery(delivery: id)) } }
        try await company.send(by: channels)
        #expect(try await company.deliveries() == ["sent", "sent"])
        let german = try #require(try await peer.taken(company.address(of: jan)).only)
        #expect(german.headers?["Subject"] == "Ihnen zugewiesen: F-2026-0001, Wasser tropft")
        #expect(german.headers?["From"]?.hasPrefix(company.tenant.name) == true)
        let english = try #require(try await peer.taken(company.address(of: ann)).only)
        #expect(english.headers?["Subject"] == "You are to look after F-2026-0001: Wasser tropft")
        #expect(english.text?.contains("Hello Ann Lee,") == true)
        #expect(
            english.text?.contains("://\(company.host):8000/faults/F-2026-0001") == true
                || english.text?.contains(company.host) == true)
    }

    @Test("The server is away: nothing is lost, the third try arrives, once")
    func away() async throws {
        let company = try await TestCompany.fresh()
        let member = try await company.member("technician")
        try await company.tell([member], .assigned())
        let port = try MailPeer.freePort()
        let channels = Channels(mail: try MailPeer.channel("smtp://127.0.0.1:\(port)?starttls=never"))
        let now = Date().addingTimeInterval(1)
        try await company.send(by: channels, at: now)
        #expect(try await company.deliveries() == ["failed"])
        try await company.send(by: channels, at: now.addingTimeInterval(61))
        #expect(try await company.deliveries() == ["failed"])
        let peer = try MailPeer(port: port)
        try await company.send(by: channels, at: now.addingTimeInterval(300))
        #expect(try await company.deliveries() == ["sent"])
        #expect(try await peer.taken(company.address(of: member)).count == 1)
        let outcomes = try await company.walled.read(
            Query.values("select outcome from app.delivery_try where tenant_id = \(company.tenant.id) order by id", String.self))
        #expect(outcomes == ["later", "later", "sent"])
    }

    @Test("After the last try it is given up where admins see it, and their click sends it")
    func givenUp() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let (admin, member) = (try await company.member("admin"), try await company.member("technician"))
        try await company.tell([member], .assigned())
        let nowhere = Channels(mail: try MailPeer.channel("smtp://127.0.0.1:\(MailPeer.freePort())?starttls=never"))
        let now = Date().addingTimeInterval(1)
        for wait in [0.0, 70, 300] { try await company.send(by: nowhere, at: now.addingTimeInterval(wait)) }
        #expect(try await company.deliveries() == ["parked undeliverable"])
        #expect(try await admin.get("/notifications").text.contains("/admin/deliveries?state=parked"))
        let list = try await admin.api(.get, "/admin/deliveries?state=parked")
        let item = try #require((list.json?["items"] as? [[String: Any]])?.first)
        #expect((item["tries"] as? [Any])?.count == 3)
        #expect(try await admin.get("/admin/deliveries").text.contains("Erneut senden"))
        #expect(try await member.get("/admin/deliveries").status == 403)
        let id = try #require(item["id"] as? String)
        #expect(try await admin.post("/admin/deliveries/\(id)/retry").status == 303)
        #expect(try await admin.post("/admin/deliveries/\(id)/retry").status == 404)
        try await company.send(by: Channels(mail: try peer.channel()), at: Date().addingTimeInterval(600))
        #expect(try await company.deliveries(member) == ["sent"])
        #expect(try await peer.taken(company.address(of: member)).count == 1)
        #expect(try await admin.get("/admin/deliveries.csv").text.contains("fault.assigned,mail"))
    }

    @Test("A worker that dies while sending: not twice, but visible, and the copy somebody asks for has the same Message-ID")
    func killed() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let (admin, member) = (try await company.member("admin"), try await company.member("technician"))
        try await company.tell([member], .assigned())
        let id = try await company.walled.read(
            Query.value("select id from app.delivery where tenant_id = \(company.tenant.id)", UUID.self))
        // What a killed worker leaves behind: the try has begun, and the mail may have gone out.
        _ = try await company.walled.write { tx in try await Deliveries(tx).begin(id, to: "x@y.test") }
        let channels = Channels(mail: try peer.channel())
        try await company.send(by: channels)
        #expect(try await company.deliveries(member) == ["parked uncertain"])
        #expect(try await peer.taken(company.address(of: member)).isEmpty)
        #expect(try await admin.api(.post, "/admin/deliveries/\(id.text)/retry", "{}").status == 204)
        try await company.send(by: channels, at: Date().addingTimeInterval(5))
        let mail = try #require(try await peer.taken(company.address(of: member)).only)
        #expect(mail.headers?["Message-ID"] == "<\(id.text)@\(company.host)>")
    }

    @Test("A mailbox that does not exist is never written to again, until an admin says so")
    func bounce() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let member = try await company.member("technician")
        try await company.move(member, to: "nobody")
        let channels = Channels(mail: try peer.channel())
        try await company.tell([member], .assigned())
        try await company.send(by: channels)
        try await company.tell([member], .assigned())
        try await company.send(by: channels)
        #expect(try await company.deliveries() == ["suppressed bounced", "suppressed bounced"])
        let tries = try await company.walled.read(
            Query.value("select count(*) from app.delivery_try where tenant_id = \(company.tenant.id)", Int.self))
        #expect(tries == 1)
        let another = try await TestCompany.fresh()
        let count = try await another.walled.read(
            Query.value("select count(*) from app.suppressed_address where tenant_id = \(another.tenant.id)", Int.self))
        #expect(count == 0)
    }

    @Test("What the server refuses or leaves open: 554 gives the message up, no answer is for somebody to look at")
    func refusals() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let (spam, cut) = (try await company.member("technician"), try await company.member("technician"))
        try await company.move(spam, to: "spam")
        try await company.move(cut, to: "cut")
        try await company.tell([spam, cut], .assigned())
        try await company.send(by: Channels(mail: try peer.channel()))
        #expect(try await company.deliveries(spam) == ["suppressed rejected"])
        #expect(try await company.deliveries(cut) == ["parked uncertain"])
    }

    @Test("What was read in the app, what nobody wants and what cannot be sent is not sent, and the log says why")
    func reasons() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let (reader, gone) = (try await company.member("technician"), try await company.member("technician"))
        try await company.tell([reader, gone], .assigned())
        #expect(try await reader.post("/notifications/read").status == 303)
        _ = try await company.walled.write { tx in
            try await tx.execute(
                "update app.member set disabled_at = now() where tenant_id = \(company.tenant.id) and id = \(gone.id)")
        }
        try await company.send(by: Channels(mail: try peer.channel()))
        #expect(try await company.deliveries(reader) == ["suppressed read"])
        #expect(try await company.deliveries(gone) == ["suppressed member_disabled"])
        let other = try await company.member("technician")
        try await company.tell([other], .assigned())
        try await company.send(by: Channels())
        #expect(try await company.deliveries(other) == ["suppressed unconfigured"])
    }

    @Test("A letter goes to an address without a member, once, whatever anybody prefers; its secret is forgotten")
    func letter() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let address = "new@\(UUID().uuidString.lowercased()).test"
        for _ in 0..<2 {
            try await company.walled.write { tx in
                try await tx.mail(
                    to: address,
                    Letter(
                        .invitation, path: "/register?code=s3cret", facts: ["inviter": "Maria {{link}} <b>Kern</b>"],
                        dedupeKey: "i1"),
                    language: .en)
            }
        }
        try await company.send(by: Channels(mail: try peer.channel()))
        let mail = try #require(try await peer.taken(address).only)
        #expect(mail.headers?["Subject"] == "Your access to \(company.tenant.name)")
        #expect(mail.text?.contains("/register?code=s3cret") == true)
        #expect(mail.text?.contains("Maria {{link}} <b>Kern</b> invites you") == true)
        #expect(mail.html?.contains("Maria {{link}} &lt;b&gt;Kern&lt;/b&gt; invites you") == true)
        #expect(mail.headers?["List-Unsubscribe"] == nil)
        let kept = try await company.walled.read(
            Query.value(
                "select count(*) from app.delivery where tenant_id = \(company.tenant.id) and facts is not null", Int.self))
        #expect(kept == 0)
    }

    @Test("An SMS to a number that does not exist goes by mail instead")
    func smsInstead() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let member = try await company.member("technician")
        let chosen = try await member.api(
            .post, "/account/notifications",
            "{\"mailFaultAssigned\":\"off\",\"smsFaultAssigned\":\"now\",\"phone\":\"+1 500 555 0001\"}")
        #expect(chosen.status == 200, "\(chosen.text)")
        try await company.tell([member], .assigned())
        let sms = TwilioChannel(account: "AC1", token: "token", sender: "+15005550006", address: peer.http)
        try await company.send(by: Channels(mail: try peer.channel(), sms: sms))
        // The member wants no such mails: the copy by mail says so, too.
        #expect(try await company.deliveries(member) == ["suppressed bounced", "suppressed preference"])
    }
}

extension Array {
    /// The one element; nil when there is none or another.
    var only: Element? { count == 1 ? first : nil }
}
