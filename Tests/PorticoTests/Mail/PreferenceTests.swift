import Database
import Foundation
import HTTPTypes
import Mail
import Testing
import Web

@testable import Notifications
@testable import portico

@Suite("Members choose what they are told, where and when")
struct PreferenceTests {
    @Test("A choice made on the page holds; what was mistyped comes back with 422, for programs with 400")
    func choose() async throws {
        let company = try await TestCompany.fresh()
        let member = try await company.member("technician")
        #expect(try await member.get("/account/notifications").text.contains("name=\"mail_fault_assigned\""))
        let refused = try await member.post(
            "/account/notifications", [("quiet_from", "25:00"), ("quiet_to", "06:00"), ("phone", "none"), ("digest_hour", "9")])
        #expect(refused.status == 422)
        #expect(refused.text.contains("value=\"25:00\""))
        #expect(try await member.api(.post, "/account/notifications", "{\"smsFaultAssigned\":\"now\"}").status == 400)
        let saved = try await member.post(
            "/account/notifications",
            [("mail_fault_assigned", "off"), ("quiet_from", "22:00"), ("quiet_to", "06:30"), ("digest_hour", "9"), ("phone", "")])
        #expect(saved.status == 303)
        let json = try #require(try await member.api(.get, "/account/notifications").json)
        #expect(json["quietFrom"] as? String == "22:00")
        #expect(json["digestHour"] as? Int == 9)
        try await company.tell([member], .assigned())
        #expect(try await company.deliveries(member) == [])
        #expect(try await member.api(.get, "/notifications").json?["total"] as? Int == 1)
        let resident = try await company.member("resident")
        #expect(!(try await resident.get("/account/notifications").text.contains("mail_fault_assigned")))
    }

    @Test("Quiet hours hold back until they end, in the member's own zone; what is urgent rings at once")
    func quiet() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let member = try await company.member("technician")
        _ = try await company.walled.write { tx in
            try await tx.execute(
                "update app.member set time_zone = 'America/New_York' where tenant_id = \(company.tenant.id) and id = \(member.id)"
            )
        }
        let choice = "{\"quietFrom\":\"22:00\",\"quietTo\":\"07:00\"}"
        #expect(try await member.api(.post, "/account/notifications", choice).status == 200)
        let night = try Date("2030-01-15T04:30:00Z", strategy: .iso8601)  // 23:30 in New York
        try await company.tell([member], .assigned("F-1"), at: night)
        try await company.tell([member], .assigned("F-2", urgent: true), at: night.addingTimeInterval(1))
        let channels = Channels(mail: try peer.channel())
        try await company.send(by: channels, at: night.addingTimeInterval(2))
        #expect(try await company.deliveries(member) == ["queued", "sent"])
        try await company.send(by: channels, at: try Date("2030-01-15T11:59:00Z", strategy: .iso8601))
        #expect(try await company.deliveries(member) == ["queued", "sent"])
        try await company.send(by: channels, at: try Date("2030-01-15T12:00:00Z", strategy: .iso8601))
        #expect(try await company.deliveries(member) == ["sent", "sent"])
        #expect(try await peer.taken(company.address(of: member)).count == 2)
    }

    @Test("Quiet hours know midnight, and none is none")
    func hours() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let evening = try Date("2026-11-25T21:30:00Z", strategy: .iso8601)
        #expect(
            QuietHours(from: 1320, to: 360)?.end(at: evening, in: zone) == (try Date("2026-11-26T05:00:00Z", strategy: .iso8601)))
        #expect(QuietHours(from: 720, to: 780)?.end(at: evening, in: zone) == nil)
        #expect(QuietHours(from: 60, to: 60) == nil)
        #expect(QuietHours.minutes("07:30") == 450)
        for bad in ["24:00", "7", "a:b", "7:5", "-1:00", "99999999999999999999:00", "٧:٣٠"] {
            #expect(QuietHours.minutes(bad) == nil)
        }
    }

    @Test("The digest comes once a day at the member's hour, without what was read meanwhile")
    func digest() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let (reader, both) = (try await company.member("resident"), try await company.member("resident"))
        let evening = try Date("2030-01-15T18:00:00Z", strategy: .iso8601)
        let channels = Channels(mail: try peer.channel())
        try await company.tell([reader, both], .started("F-1"), at: evening)
        try await company.tell([reader, both], .started("F-2"), at: evening.addingTimeInterval(1))
        func digests(_ time: String) async throws {
            let now = try Date(time, strategy: .iso8601)
            try await company.at(now).write { tx in try tx.enqueue(WriteDigests(due: now)) }
            try await company.send(by: channels, at: now)
        }
        try await digests("2030-01-15T18:15:00Z")
        #expect(try await company.deliveries(both) == ["queued", "queued"])
        let read = try await reader.api(.get, "/notifications").json?["items"] as? [[String: Any]]
        let first = try #require(read?.last?["id"] as? String)
        #expect(try await reader.post("/notifications/\(first)/read").status == 303)
        try await digests("2030-01-16T07:05:00Z")  // 8:05 in Berlin
        try await digests("2030-01-16T07:20:00Z")
        let whole = try #require(try await peer.taken(company.address(of: both)).only)
        #expect(whole.headers?["Subject"] == "2 Mitteilungen von \(company.tenant.name)")
        let rest = try #require(try await peer.taken(company.address(of: reader)).only)
        #expect(rest.text?.contains("F-2") == true)
        #expect(rest.text?.contains("F-1") == false)
        #expect(try await company.deliveries(reader) == ["suppressed read", "sent", "sent"])
    }

    @Test("RFC 8058: a link that is only looked at changes nothing, a POST from anywhere ends that kind, and nobody forges one")
    func unsubscribe() async throws {
        let peer = try await MailPeer.shared.value
        let company = try await TestCompany.fresh()
        let member = try await company.member("technician")
        try await company.tell([member], .assigned())
        try await company.send(by: Channels(mail: try peer.channel()))
        let header = try #require(try await peer.taken(company.address(of: member)).only?.headers?["List-Unsubscribe"])
        let path = try #require(header.firstMatch(of: /https?:\/\/[^\/]+(\/unsubscribe\/[^>]+)/)).1
        let looked = try await company.anonymous(.get, String(path))
        #expect(looked.status == 200)
        #expect(looked.text.contains("Keine E-Mails dieser Art mehr?"))
        func assigned() async throws -> String? {
            let kinds = try await member.api(.get, "/account/notifications").json?["kinds"] as? [[String: Any]]
            return kinds?.first { $0["kind"] as? String == "fault.assigned" }?["mail"] as? String
        }
        #expect(try await assigned() == "now")
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let forged = path.dropLast(3) + "abc"
        #expect(try await company.anonymous(.post, String(forged), form, body: "List-Unsubscribe=One-Click").status == 404)
        let stranger = try await TestCompany.fresh()
        #expect(try await stranger.anonymous(.post, String(path), form, body: "List-Unsubscribe=One-Click").status == 404)
        #expect(try await assigned() == "now")
        #expect(try await company.anonymous(.post, String(path), form, body: "List-Unsubscribe=One-Click").status == 200)
        #expect(try await assigned() == "off")
    }
}
