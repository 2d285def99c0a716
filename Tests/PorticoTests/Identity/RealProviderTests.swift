import Foundation
import Outbound
import Testing
import Web

@testable import Identity
@testable import portico

/// oidc-provider-mock on Authlib, in a process beside the tests: see Tests/Peers/provider.py.
final class RealProvider: Sendable {
    private struct Place: Decodable {
        let issuer: String
    }

    let issuer: String
    private let process: Process
    private let input = Pipe()

    init() throws {
        let python = try #require(ProcessInfo.processInfo.environment["PORTICO_PEERS"], "bin/test sets PORTICO_PEERS") + "/python"
        let output = Pipe()
        process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-B", TestHouse.home.appending(path: "Tests/Peers/provider.py").path]
        // It ends with us, however we end.
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            line += more
        }
        issuer = try JSONDecoder().decode(Place.self, from: line).issuer
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    var port: Int { URL(string: issuer)?.port ?? 0 }

    /// What it says of somebody.
    func person(_ subject: String, _ claims: String) async throws {
        let request = OutboundRequest(
            .put, "\(issuer)/users/\(subject)", entered: .byOperator, fields: [OutboundField("Content-Type", "application/json")],
            body: Array(claims.utf8))
        #expect(try await Outbound().send(request, to: OutboundService("provider", tenant: 0)).status == 204)
    }

    /// What a browser does on its page: the form, and the address that it leads back to.
    func signIn(_ subject: String, _ address: String) async throws -> [String: String] {
        let request = OutboundRequest(
            .post, address, entered: .byOperator, fields: [OutboundField("Content-Type", "application/x-www-form-urlencoded")],
            body: Array((subject.isEmpty ? "action=deny" : "sub=\(subject)").utf8))
        let answer = try await Outbound().send(request, to: OutboundService("provider", tenant: 0))
        let back = try #require(answer["Location"].flatMap { URLComponents(string: $0) }, "\(answer.status)")
        return Dictionary((back.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
    }
}

@Suite("Flow 3 with a real, independent provider")
struct RealProviderTests {
    @Test("Discovery, PKCE, ID token and keys of a provider that knows nothing of ours: a member, once, with the mapped role")
    func round() async throws {
        let provider = try RealProvider()
        try await ProviderHouse.open([provider.port]) { house in
            let company = try await house.company(
                provider.issuer, "roles: {default: resident, claim: groups, rules: [{value: fixers, role: technician}]}")
            try await provider.person(
                "kim", "{\"email\":\"kim@people.test\",\"email_verified\":true,\"name\":\"Kim Falk\",\"groups\":[\"fixers\"]}")
            for _ in 0..<2 {
                var browser = TestBrowser(company)
                let away = try #require(try await browser.get("/login/oidc/main?next=%2Ffaults").location)
                let answer = try await provider.signIn("kim", away)
                let done = try await browser.comeBack("main", answer)
                #expect(done.location == "/faults" && browser.isSignedIn, "\(done.status) \(done.text.prefix(3000))")
                // The code is spent there as well as the state here.
                #expect(try await browser.comeBack("main", answer).status == 400)
            }
            #expect(try await company.members("kim@people.test") == 1)
            #expect(try await company.roles("kim@people.test") == ["technician"])
            #expect(try await company.identities() == 1)
        }
    }

    @Test(
        "PKCE: its code with another browser's verifier is refused by the provider itself; a refusal there is a clear page here")
    func refused() async throws {
        let provider = try RealProvider()
        try await ProviderHouse.open([provider.port]) { house in
            let company = try await house.company(provider.issuer)
            try await provider.person("kim", "{\"email\":\"kim@people.test\",\"email_verified\":true}")
            var (one, two) = (TestBrowser(company), TestBrowser(company))
            let (first, second) = (try await one.get("/login/oidc/main").location, try await two.get("/login/oidc/main").location)
            var stolen = try await provider.signIn("kim", try #require(first))
            stolen["state"] = try await provider.signIn("kim", try #require(second))["state"]
            let answer = try await two.comeBack("main", stolen)
            #expect(answer.status == 502 && !two.isSignedIn)
            let away = try #require(try await one.get("/login/oidc/main").location)
            let denied = try await provider.signIn("", away)
            let cancelled = try await one.comeBack("main", denied)
            #expect(cancelled.status == 403 && cancelled.text.contains("You were not signed in"), "\(denied)")
            #expect(try await company.identities() == 0)
        }
    }
}
