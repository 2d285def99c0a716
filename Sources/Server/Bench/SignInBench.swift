import ArgumentParser
import Database
import Foundation
import Passwords
import Threads
import Workers

/// What 50 people who sign in at once do to everybody else's pages.
struct SignInBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sign-in", abstract: "List pages while 50 sign-ins queue.")
    private static let people = 50
    private static let password = "bench wants quick hashes 7"

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("sign-in") { report in
            let house = try await BenchHouse.open()
            let load = try Wrk(house)
            let hash = try await PasswordHasher().hash(Self.password)
            try await house.walled.write { tx in
                tx.atCommit(
                    """
                    update app.member set password_hash = \(hash)
                     where tenant_id = \(house.tenant.id) and email = \(BenchRows.technician)
                    """)
            }
            let server = try await BenchServer.portico(house)
            if ProcessorSharing.isBySession { report.say("kernel.sched_autogroup_enabled is 1; a server has 0 (README)") }
            report.say("idle, \(options.seconds) s")
            _ = try await load.load(server.wire, PageBench.path, connections: 8, seconds: 2)
            let idle = try await load.load(server.wire, PageBench.path, connections: 8, seconds: options.seconds)
            report.say("with \(Self.people) at the door, \(options.seconds) s")
            let crowd = Crowd(server.wire, password: Self.password)
            async let signIns = crowd.run(people: Self.people, seconds: options.seconds + 1)
            try await Task.sleep(for: .milliseconds(500))
            let busy = try await load.load(server.wire, PageBench.path, connections: 8, seconds: options.seconds)
            let (good, bad, took) = await signIns
            await server.stop()
            report.add(
                "p99 of list pages meanwhile", busy.p99 / max(idle.p99, 1), "× idle", atMost: 2,
                beside: .init(name: "idle p99, ms", value: idle.p99 / 1000))
            report.add("list pages meanwhile", busy.perSecond, "requests/s", beside: .init(name: "idle", value: idle.perSecond))
            report.add("sign-ins done", Double(good) / took, "sign-ins/s")
            report.add("wrong answers", idle.failures + busy.failures + Double(bad), "answers", atMost: 0)
            await house.close()
        }
    }
}

/// People who sign in, each again as soon as the last time is answered.
private struct Crowd: Sendable {
    private let wire: Wire
    private let body: String

    init(_ wire: Wire, password: String) {
        self.wire = wire
        body = "{\"email\":\"\(BenchRows.technician)\",\"password\":\"\(password)\"}"
    }

    /// - Returns: sign-ins answered well, others, and how many seconds it all took.
    func run(people: Int, seconds: Int) async -> (good: Int, bad: Int, seconds: Double) {
        let threads = BoundedThreads(name: "crowd", count: people)
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        return await withTaskGroup(of: [Bool].self) { group in
            for _ in 0..<people {
                group.addTask { (try? await threads.run { signIns(until: end) }) ?? [false] }
            }
            let all = await group.reduce(into: [Bool]()) { $0 += $1 }
            return (all.count { $0 }, all.count { !$0 }, start.duration(to: .now).inSeconds)
        }
    }

    private func signIns(until end: ContinuousClock.Instant) -> [Bool] {
        var answers: [Bool] = []
        while ContinuousClock.now < end {
            let answer = try? wire.ask("POST", "/api/v1/auth/login", ["Content-Type: application/json"], body: body)
            answers.append(answer.map { $0.status == 200 || $0.status == 201 } ?? false)
        }
        return answers
    }
}
