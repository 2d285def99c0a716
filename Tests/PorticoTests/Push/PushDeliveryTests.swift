import Database
import Foundation
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

@testable import Jobs
@testable import Notifications
@testable import portico

@Suite("Devices are told what their members have chosen, once, and are forgotten when they are gone")
struct PushDeliveryTests {
    @Test("A registered device is told by default of a fault that is assigned, encrypted for it, with this platform's token")
    func told() async throws {
        let company = try await TestCompany.fresh()
        let (jan, device) = (try await company.member("technician"), PushDevice())
        try await TestPeer.serving({ _ in TestPeer.status(.created) }) { peer in
            let made = try await jan.register(device, at: "\(peer.url)/send/abc", label: "Telefon")
            #expect(made.status == 201, "\(made.text)")
            for _ in 0..<2 { try await company.tell([jan], .assigned(key: "same")) }
            try await company.tell([jan], .started())
            try await company.push(by: try company.channel(peer))
            let heard = try #require(peer.heard.all.only)
            #expect(heard.method == "POST" && heard.path == "/send/abc")
            #expect(
                heard.headers[.contentEncoding] == "aes128gcm" && heard.headers[.authorization]?.hasPrefix("vapid t=") == true)
            #expect(HTTPField.Name("TTL").flatMap { heard.headers[$0] } == "86400")
            let shown = try device.read(heard.body)
            #expect(shown["body"] == "Ihnen zugewiesen: F-2026-0001, Wasser tropft")
            #expect(shown["path"] == "/faults/F-2026-0001" && shown["title"] == company.tenant.name && shown["lang"] == "de")
            #expect(!String(decoding: heard.body, as: UTF8.self).contains("Wasser"))
            #expect(try await company.pushes(jan) == ["sent"])
            let admin = try await company.member("admin")
            #expect(try await admin.get("/admin/deliveries?channel=push").text.contains("Telefon"))
            #expect(try await jan.api(.get, "/push/registrations").text.contains("reachedAt"))
        }
    }

    @Test("A device that its service does not know any more is forgotten, and its member's other device is told all the same")
    func gone() async throws {
        let company = try await TestCompany.fresh()
        let (jan, old, new) = (try await company.member("technician"), PushDevice(), PushDevice())
        try await TestPeer.serving({ heard in TestPeer.status(heard.path == "/old" ? .gone : .created) }) { peer in
            try await jan.register(old, at: "\(peer.url)/old", label: "Old one")
            try await jan.register(new, at: "\(peer.url)/new", label: "New one")
            try await company.tell([jan], .assigned())
            try await company.push(by: try company.channel(peer))
            #expect(Set(try await company.pushes(jan)) == ["suppressed bounced", "sent"])
            #expect(try await jan.devices() == ["New one"])
            try await company.tell([jan], .assigned())
            try await company.push(by: try company.channel(peer))
            #expect(peer.heard.all.map(\.path).sorted() == ["/new", "/new", "/old"])
        }
    }

    @Test("A service that asks to be left alone is asked again as late as it says, and then once")
    func busy() async throws {
        let company = try await TestCompany.fresh()
        let (jan, device, isBusy) = (try await company.member("technician"), PushDevice(), Busy())
        let answer: @Sendable (TestPeer.Heard) async throws -> Response = { _ in
            isBusy.first ? TestPeer.status(.tooManyRequests, [.retryAfter: "90"]) : TestPeer.status(.created)
        }
        try await TestPeer.serving(answer) { peer in
            try await jan.register(device, at: "\(peer.url)/busy")
            let now = Date().addingTimeInterval(1)
            try await company.tell([jan], .assigned(), at: now)
            try await company.push(by: try company.channel(peer), at: now)
            #expect(try await company.pushes(jan) == ["failed"])
            try await company.push(by: try company.channel(peer), at: now.addingTimeInterval(80))
            #expect(peer.heard.all.count == 1)
            try await company.push(by: try company.channel(peer), at: now.addingTimeInterval(95))
            #expect(try await company.pushes(jan) == ["sent"])
            #expect(peer.heard.all.count == 2)
        }
    }

    @Test(
        "Services that take their time hold a quarter of a worker's places for one company, and half of them for all; what is urgent passes"
    )
    func slow() async throws {
        let company = try await TestCompany.fresh()
        let (jan, now) = (try await company.member("technician"), Date().addingTimeInterval(1))
        try await TestPeer.serving({ _ in TestPeer.status(.created) }) { peer in
            try await jan.register(PushDevice(), at: "\(peer.url)/x")
            try await company.tell([jan], .assigned())
            let channel = try company.channel(peer)
            let (tenant, others) = (company.tenant.id, [company.tenant.id + 1, company.tenant.id + 2])
            #expect(channel.lane.enter(tenant, now: now) == nil)
            #expect(channel.lane.enter(tenant, now: now) == nil)
            try await company.push(by: channel, at: now)
            #expect(try await company.pushes(jan) == ["queued"])
            let waiting = try #require(channel.lane.enter(tenant, now: now))
            #expect(waiting > now.addingTimeInterval(1), "those who wait do not come all at once")
            #expect(others.map { channel.lane.enter($0, now: now) } == [nil, nil])
            #expect(channel.lane.enter(others[0], now: now) != nil)
            #expect(channel.lane.enter(tenant, urgent: true, now: now) == nil)
            channel.lane.leave(tenant)
            channel.lane.leave(tenant)
            try await company.push(by: channel, at: now.addingTimeInterval(2))
            #expect(try await company.pushes(jan) == ["sent"])
        }
    }

    @Test("Where push is not set up nothing is sent, the log says so, and nobody is bothered")
    func unconfigured() async throws {
        let company = try await TestCompany.fresh()
        let (jan, resident) = (try await company.member("technician"), try await company.member("resident"))
        try await jan.register(PushDevice(), at: "https://push.example/x")
        try await company.tell([jan, resident], .assigned())
        try await company.push(by: .none)
        #expect(try await company.pushes(jan) == ["suppressed unconfigured"])
        #expect(try await company.pushes(resident) == [], "whoever has no device has no delivery")
    }

    @Test("T40 an address in a private network is not asked, and the device that named it is forgotten")
    func inside() async throws {
        let company = try await TestCompany.fresh()
        let jan = try await company.member("technician")
        try await TestPeer.serving({ _ in TestPeer.status(.created) }) { peer in
            try await jan.register(PushDevice(), at: "http://127.0.0.1:9/x")
            try await jan.register(PushDevice(), at: "https://169.254.169.254/latest")
            try await company.tell([jan], .assigned())
            try await company.push(by: try company.channel(peer))
            #expect(try await company.pushes(jan) == ["suppressed bounced", "suppressed bounced"])
            #expect(try await jan.devices() == [])
        }
    }

    @Test("What rings is chosen like mails, and quiet hours hold it back; a trial message rings at once")
    func chosen() async throws {
        let company = try await TestCompany.fresh()
        let (jan, device) = (try await company.member("technician"), PushDevice())
        try await TestPeer.serving({ _ in TestPeer.status(.created) }) { peer in
            try await jan.register(device, at: "\(peer.url)/x")
            #expect(try await jan.post("/account/notifications", [("push_fault_assigned", "off")]).status == 303)
            try await company.tell([jan], .assigned())
            #expect(try await company.pushes(jan) == [])
            let choice = "{\"pushFaultAssigned\":\"now\",\"quietFrom\":\"22:00\",\"quietTo\":\"07:00\"}"
            #expect(try await jan.api(.post, "/account/notifications", choice).status == 200)
            #expect(try await jan.api(.post, "/push/registrations/trial", "{}").json?["devices"] as? Int == 1)
            let night = try Date("2030-01-15T22:30:00Z", strategy: .iso8601)
            try await company.tell([jan], .assigned(), at: night)
            try await company.push(by: try company.channel(peer), at: night.addingTimeInterval(1))
            #expect(try await company.pushes(jan) == ["sent", "queued"])
            #expect(try device.read(try #require(peer.heard.all.only).body)["tag"] == "trial")
            try await company.push(by: try company.channel(peer), at: try Date("2030-01-16T06:00:01Z", strategy: .iso8601))
            #expect(try await company.pushes(jan) == ["sent", "sent"])
        }
    }
}

/// Whether somebody is the first.
private final class Busy: Sendable {
    private let asked = Mutex(false)

    var first: Bool {
        asked.withLock { asked in
            defer { asked = true }
            return !asked
        }
    }
}
