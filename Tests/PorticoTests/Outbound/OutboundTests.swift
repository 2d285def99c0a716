import Foundation
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import Outbound

@Suite("Calls to services outside")
struct OutboundTests {
    let service = OutboundService("test", tenant: 1)

    private func error(_ outbound: Outbound, _ request: OutboundRequest, _ tenant: Int32 = 1) async -> OutboundError? {
        do {
            _ = try await outbound.send(request, to: OutboundService("test", tenant: tenant))
            return nil
        } catch {
            return error as? OutboundError
        }
    }

    @Test("a question goes out with its fields and body, and the answer comes back whole")
    func roundTrip() async throws {
        try await TestPeer.serving { heard in
            TestPeer.ok("heard " + String(decoding: heard.body, as: UTF8.self))
        } _: { peer in
            let answer = try await Outbound().send(
                OutboundRequest(
                    .post, "\(peer.url)/a?b=c", entered: .byOperator, fields: [OutboundField("X-Test", "1")],
                    body: Array("hi".utf8)),
                to: service)
            #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self) == "heard hi")
            #expect(peer.heard.all.first?.path == "/a?b=c")
        }
    }

    static let privates = [
        "http://127.0.0.1/", "http://[::1]/", "http://0/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f000001/",
        "http://127.1/",
        "http://169.254.169.254/latest/meta-data", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a9fe:a9fe]/",
        "http://localhost/",
        "http://10.1.2.3/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/", "http://100.64.0.1/",
        "http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
        "http://255.255.255.255/", "http://[::]/", "http://LOCALHOST/"
    ]

    @Test("T40 an address that a company entered leads into no private network, however it is spelled", arguments: privates)
    func inside(_ url: String) async {
        let found = await error(Outbound(), OutboundRequest(.get, url, entered: .byTenant))
        guard case .forbidden = found else {
            Issue.record("\(url): \(String(describing: found))")
            return
        }
    }

    static let oddities = [
        "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.com/", "http+unix://%2Fvar%2Frun%2Fx/", "http:///",
        "example.com", "",
        "http://user:word@example.com/", "http://exa mple.com/", "http://example.com:0/", "http://example.com:99999/",
        "unix:///run/x",
        "http://example.com/\r\nX: y"
    ]

    @Test("T40 what is no plain http address is not asked at all", arguments: oddities)
    func strange(_ url: String) async {
        #expect(await error(Outbound(), OutboundRequest(.get, url, entered: .byTenant)) == .invalidAddress)
        #expect(await error(Outbound(), OutboundRequest(.get, url, entered: .byOperator)) == .invalidAddress)
    }

    @Test("T40 public addresses are public; the borders of the closed networks are exact")
    func borders() throws {
        for (text, isPublic) in [
            ("8.8.8.8", true), ("172.15.255.255", true), ("172.32.0.0", true), ("100.63.255.255", true), ("100.128.0.0", true),
            ("11.0.0.0", true), ("9.255.255.255", true), ("169.253.255.255", true), ("223.255.255.255", true),
            ("198.20.0.0", true),
            ("198.19.255.255", false), ("2a00:1450::1", true), ("2001:db8::1", false), ("fc00::1", false), ("ff02::1", false)
        ] {
            #expect(AddressRules.isPublic(try SocketAddress(ipAddress: text, port: 80)) == isPublic, "\(text)")
        }
    }

    @Test("T40 the address that was looked at is the one that is connected to; the operator may open one by name or number")
    func pinned() async throws {
        try await TestPeer.serving { _ in
            TestPeer.ok()
        } _: { peer in
            let byNumber = Outbound(privateAddresses: ["127.0.0.1:\(peer.port)"])
            let byName = Outbound(privateAddresses: ["localhost:\(peer.port)"])
            for (outbound, host) in [(byNumber, "127.0.0.1"), (byName, "localhost")] {
                let request = OutboundRequest(.get, "http://\(host):\(peer.port)/", entered: .byTenant)
                #expect(try await outbound.send(request, to: service).status == 200)
            }
            #expect(peer.heard.count == 2)
            let elsewhere = OutboundRequest(.get, "http://127.0.0.1:\(peer.port == 1 ? 2 : 1)/", entered: .byTenant)
            #expect(await error(byNumber, elsewhere) == .forbidden("127.0.0.1"))
            // Whatever a name resolves to later: this client has the checked address and asks nobody.
            let answer = try await Client(addresses: ["rebound.invalid": "127.0.0.1"]).send(
                OutboundRequest(.get, "http://rebound.invalid:\(peer.port)/", entered: .byTenant))
            #expect(answer.status == 200)
        }
    }

    @Test("T40 a redirect into the house is an answer, not a way")
    func redirect() async throws {
        try await TestPeer.serving { _ in
            Response(status: .found, headers: [.location: "http://169.254.169.254/"])
        } _: { peer in
            let answer = try await Outbound().send(OutboundRequest(.get, peer.url, entered: .byOperator), to: service)
            #expect(answer.status == 302 && peer.heard.count == 1)
        }
    }

    @Test("T40 T97 an answer without end is cut off at its size, one that drips at its time")
    func endless() async throws {
        try await TestPeer.serving { heard in
            Response(
                status: .ok,
                body: .init { writer in
                    for _ in 0..<4_000 {
                        try await writer.write(ByteBuffer(repeating: 65, count: heard.path == "/flood" ? 64 << 10 : 1))
                        if heard.path != "/flood" { try await Task.sleep(for: .milliseconds(50)) }
                    }
                    try await writer.finish(nil)
                })
        } _: { peer in
            #expect(await error(Outbound(), OutboundRequest(.get, "\(peer.url)/flood", entered: .byOperator)) == .tooLarge)
            let start = ContinuousClock.now
            let slow = OutboundRequest(.get, "\(peer.url)/drip", entered: .byOperator, total: .seconds(1))
            #expect(await error(Outbound(), slow) == .late)
            #expect(ContinuousClock.now - start < .seconds(4))
        }
    }

    @Test("K9 five failures in a row give a service a minute's rest, for that company alone; then one call tries")
    func breaker() async throws {
        let time = Mutex(ContinuousClock.now)
        let outbound = Outbound(clock: { time.withLock { $0 } })
        let isBroken = Mutex(true)
        try await TestPeer.serving { _ in
            isBroken.withLock { $0 } ? Response(status: .internalServerError) : TestPeer.ok()
        } _: { peer in
            let request = OutboundRequest(.get, peer.url, entered: .byOperator)
            for _ in 1...5 { #expect(await error(outbound, request) == nil) }
            #expect(await error(outbound, request) == .resting(seconds: 60))
            #expect(peer.heard.count == 5)
            #expect(await error(outbound, request, 2) == nil)
            time.withLock { $0 += .seconds(61) }
            #expect(await error(outbound, request) == nil)
            #expect(await error(outbound, request) == .resting(seconds: 60))
            isBroken.withLock { $0 = false }
            time.withLock { $0 += .seconds(61) }
            for _ in 1...3 { #expect(await error(outbound, request) == nil) }
        }
    }

    @Test("K9 Retry-After is obeyed, as seconds and as a date")
    func retryAfter() async throws {
        let time = Mutex(ContinuousClock.now)
        let outbound = Outbound(clock: { time.withLock { $0 } })
        try await TestPeer.serving { _ in
            Response(status: .tooManyRequests, headers: [.retryAfter: "120"])
        } _: { peer in
            let request = OutboundRequest(.get, peer.url, entered: .byOperator)
            let first = try await outbound.send(request, to: service)
            #expect(await error(outbound, request) == .resting(seconds: 120))
            time.withLock { $0 += .seconds(121) }
            let second = try await outbound.send(request, to: service)
            #expect(first.status == 429 && second.status == 429)
        }
        let now = try Date.ISO8601FormatStyle().parse("2026-11-25T12:00:00Z")
        func seconds(_ text: String) -> Int? {
            Breaker.retryAfter(OutboundAnswer(status: 503, fields: [OutboundField("retry-after", text)]), now: now)
        }
        #expect(seconds("Wed, 25 Nov 2026 12:01:30 GMT") == 90)
        #expect(seconds("Wed, 25 Nov 2020 12:01:30 GMT") == 0)
        #expect(seconds("99999999999999999999") == nil)
        #expect(seconds("Sat, 25 Nov 9999 12:01:30 GMT") == 3600)
    }

    @Test("K9 nobody at home and a connection that breaks off are failures with a reason")
    func unreachable() async throws {
        let found = await error(Outbound(), OutboundRequest(.get, "http://127.0.0.1:9/", entered: .byOperator))
        guard case .unreachable = found else {
            Issue.record("\(String(describing: found))")
            return
        }
    }
}
