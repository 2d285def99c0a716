import Database
import Foundation
import Testing

@testable import Jobs

@Suite("Schedules")
struct ScheduleTests {
    private let berlin = TimeZone(identifier: "Europe/Berlin") ?? .gmt

    private func date(_ text: String) throws -> Date { try #require(try? Date(text, strategy: .iso8601)) }

    /// A name of its own: rows are shared by the whole fleet.
    private func name() -> String { "test.\(UUID().uuidString.prefix(12))" }

    private func scheduler(_ house: JobHouse, _ schedule: Schedule) -> Scheduler {
        let (tenant, zone) = (house.tenant, berlin)
        return Scheduler(
            database: house.workers, schedule: schedule, tenants: { [.init(id: tenant, timeZone: zone)] },
            logger: TestDatabase.quiet)
    }

    @Test("A new entry waits for its next instant, then runs once, however many nodes look")
    func once() async throws {
        let house = try await JobHouse.fresh()
        let name = name()
        let schedule = Schedule([.perTenant(name, .every(.minutes(5))) { _, due in NoteJob(text: due.ISO8601Format()) }])
        let nodes = (0..<4).map { _ in scheduler(house, schedule) }
        let start = try date("2026-11-21T10:01:00Z")
        for node in nodes { #expect(try await node.tick(now: start) == []) }
        for minute in 1...12 {
            let now = start.addingTimeInterval(Double(minute) * 60)
            _ = try await withThrowingTaskGroup(of: [String].self) { group in
                for node in nodes { group.addTask { try await node.tick(now: now) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
        try await house.worker().drain()
        #expect(try await house.notes().sorted() == ["2026-11-21T10:05:00Z", "2026-11-21T10:10:00Z"])
    }

    @Test("After downtime what was missed is caught up with once")
    func catchUp() async throws {
        let house = try await JobHouse.fresh()
        let schedule = Schedule([.perTenant(name(), .daily(hour: 6)) { _, due in NoteJob(text: due.ISO8601Format()) }])
        let node = scheduler(house, schedule)
        try await node.tick(now: try date("2026-11-01T12:00:00Z"))
        #expect(try await node.tick(now: try date("2026-11-09T11:00:00Z")).count == 1)
        #expect(try await node.tick(now: try date("2026-11-09T11:00:01Z")).count == 0)
        #expect(try await node.tick(now: try date("2026-11-10T04:59:59Z")).count == 0)
        #expect(try await node.tick(now: try date("2026-11-10T05:00:00Z")).count == 1)
        try await house.worker().drain()
        #expect(try await house.notes().sorted() == ["2026-11-09T05:00:00Z", "2026-11-10T05:00:00Z"])
    }

    @Test("A chore of the fleet runs once, and again a minute after it failed")
    func fleet() async throws {
        struct Broken: Error {}
        let house = try await JobHouse.fresh()
        let runs = Tallied<Date>()
        let schedule = Schedule([
            .fleet(name(), .every(.hours(1))) { _, due in
                if runs.add(due) == 1 { throw Broken() }
            }
        ])
        let (one, two) = (scheduler(house, schedule), scheduler(house, schedule))
        let start = try date("2026-11-21T10:30:00Z")
        try await one.tick(now: start)
        #expect(try await one.tick(now: start.addingTimeInterval(1_800)) == [])
        #expect(try await two.tick(now: start.addingTimeInterval(1_830)) == [])
        #expect(try await two.tick(now: start.addingTimeInterval(1_861)).count == 1)
        #expect(try await one.tick(now: start.addingTimeInterval(1_862)) == [])
        #expect(runs.all == [try date("2026-11-21T11:00:00Z"), try date("2026-11-21T11:00:00Z")])
    }

    @Test("T90 a day of the company's zone, also when the clocks change")
    func zones() throws {
        let daily = Recurrence.daily(hour: 2, minute: 30)
        // Winter time ends on 29 March 2026: 02:30 does not exist, 03:00 summer time comes instead.
        #expect(daily.next(after: try date("2026-03-28T02:00:00Z"), in: berlin) == (try date("2026-03-29T01:00:00Z")))
        #expect(daily.next(after: try date("2026-03-29T01:00:00Z"), in: berlin) == (try date("2026-03-30T00:30:00Z")))
        // Summer time ends on 25 October 2026: 02:30 comes twice, the first one counts.
        #expect(daily.next(after: try date("2026-10-24T12:00:00Z"), in: berlin) == (try date("2026-10-25T00:30:00Z")))
        #expect(daily.next(after: try date("2026-10-25T00:30:00Z"), in: berlin) == (try date("2026-10-26T01:30:00Z")))
        #expect(daily.latest(at: try date("2026-10-25T03:00:00Z"), in: berlin) == (try date("2026-10-25T00:30:00Z")))
        #expect(daily.latest(at: try date("2026-11-21T00:00:00Z"), in: berlin) == (try date("2026-11-20T01:30:00Z")))
    }

    @Test("Weekly, monthly, and periods that all nodes count alike")
    func others() throws {
        let now = try date("2026-11-21T12:00:00Z")  // a Saturday
        #expect(Recurrence.weekly(weekday: 1, hour: 7).next(after: now, in: .gmt) == (try date("2026-11-23T07:00:00Z")))
        #expect(Recurrence.weekly(weekday: 7, hour: 7).latest(at: now, in: .gmt) == (try date("2026-11-15T07:00:00Z")))
        #expect(Recurrence.monthly(day: 28, hour: 0).latest(at: now, in: .gmt) == (try date("2026-10-28T00:00:00Z")))
        #expect(Recurrence.every(.seconds(7)).next(after: now, in: .gmt) > now)
        #expect(Recurrence.every(.hours(6)).latest(at: now, in: berlin) == now)
        #expect(Recurrence.every(.hours(6)).next(after: now, in: berlin) == (try date("2026-11-21T18:00:00Z")))
    }
}
