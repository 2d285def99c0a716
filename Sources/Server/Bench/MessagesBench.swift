import ArgumentParser
import Database
import Foundation
import Tokens
import Web

/// People who write to each other as fast as they are answered: from the request to a message that is on disk.
struct MessagesBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages", abstract: "Messages through the API, each durable before it is answered.")
    private static let connections = 64

    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await options.report("messages") { report in
            let house = try await BenchHouse.open()
            let load = try Wrk(house)
            // As many that nobody comes near the limit of 60 messages a minute.
            let talks = try await Talks.make(house, (options.seconds + 3) * 75)
            let server = try await BenchServer.portico(house)
            report.say("bare rows, 3 s")
            let bare = try await talks.insertBare(seconds: 3)
            // Each connection plans its statements anew a few times before it keeps a plan: 120 plans of 15 ms in all.
            report.say("warming up, 3 s")
            _ = try await load.post(server.wire, talks.requests, connections: Self.connections, seconds: 3)
            report.say("messages for \(options.seconds) s")
            let before = try await talks.count()
            let result = try await load.post(server.wire, talks.requests, connections: Self.connections, seconds: options.seconds)
            let kept = try await talks.count() - before
            await server.stop()
            let accepted = result.requests - result.refused
            report.add(
                "messages accepted", accepted / max(result.micros, 1) * 1_000_000, "messages/s", atLeast: 1_000,
                beside: .init(name: "rows inserted alone, one commit each, 8 connections", value: bare))
            report.add("half within", result.p50 / 1000, "ms")
            report.add("99 of 100 within", result.p99 / 1000, "ms")
            report.add("refused or broken", result.failures, "answers", atMost: 0)
            // Those that were on their way when the time was over are kept and not counted.
            report.add("accepted and not there", max(0, accepted - Double(kept)), "messages", atMost: 0)
            await house.close()
        }
    }
}

/// Conversations of four who were made for it, and a token for each of them.
private struct Talks: Sendable {
    struct Person: Sendable {
        let id: UUID
        let conversation: UUID
        let token: String
    }

    let house: BenchHouse
    let people: [Person]
    private static let size = 4

    private var tenant: Int32 { house.tenant.id }

    static func make(_ house: BenchHouse, _ count: Int) async throws -> Talks {
        let tenant = house.tenant.id
        let names = (0..<max(count, size) / size * size).map { "writer-\($0)@bench.test" }
        try await house.walled.write { tx in
            tx.atCommit(
                """
                insert into app.member(tenant_id, id, email, name, roles)
                select \(tenant), m.id, m.email, m.email, '{technician}' from unnest(\(names.map { _ in UUID.v7() }), \(names)) as m(id, email)
                on conflict do nothing
                """)
        }
        let ids = try await house.walled.read(
            Query.values(
                "select id from app.member where tenant_id = \(tenant) and email = any(\(names)) order by email", UUID.self))
        let signer = try await house.app.house.keys.signer(house.walled, house.app.house.tokenPlace(house.tenant))
        var people: [Person] = []
        for (index, id) in ids.enumerated() {
            let conversation = index.isMultiple(of: size) ? UUID.v7() : people[index - 1].conversation
            let access = try await signer.sign(id, session: .v7(), id: .v7(), at: Date())
            people.append(Person(id: id, conversation: conversation, token: access.text))
            try await house.walled.write { tx in
                if index.isMultiple(of: size) { tx.atCommit(begin(conversation, by: id, tenant)) }
                tx.atCommit(join(conversation, id, tenant))
                tx.atCommit(
                    """
                    insert into app.session(tenant_id, token_hash, id, member_id, kind, family, seen_at, idle_until, expires_at)
                    values (\(tenant), \(access.hash), \(access.id), \(id), 'access', \(access.session), \(access.begins), \(access.ends),
                            \(access.ends))
                    """)
            }
        }
        return Talks(house: house, people: people)
    }

    private static func begin(_ conversation: UUID, by member: UUID, _ tenant: Int32) -> SQL {
        """
        insert into app.conversation(tenant_id, id, subject, last_at, made_by, made_at)
        values (\(tenant), \(conversation), 'Bench', now(), \(member), now())
        """
    }

    private static func join(_ conversation: UUID, _ member: UUID, _ tenant: Int32) -> SQL {
        """
        insert into app.conversation_member(tenant_id, conversation_id, member_id, joined_at, added_by)
        values (\(tenant), \(conversation), \(member), now(), \(member))
        """
    }

    /// First one of each conversation, then another: hardly ever do two write in the same one at the same moment, and then one waits
    /// for the other, as it must.
    var requests: [Wrk.Post] {
        people.indices.sorted { ($0 % Self.size, $0) < ($1 % Self.size, $1) }.map { people[$0] }.map {
            Wrk.Post(
                path: "/api/v1/conversations/\($0.conversation.text)/messages", token: $0.token,
                body: #"{\"content\":\"The heating is warm again, thank you. Shall I leave the key with the neighbours?\"}"#)
        }
    }

    func count() async throws -> Int {
        try await house.walled.read(Query.value("select count(*) from app.message where tenant_id = \(tenant)", Int.self))
    }

    /// The yardstick: rows of the same table, with nothing around them.
    func insertBare(seconds: Int) async throws -> Double {
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for (index, person) in people.filter({ $0.id != people.first?.id }).prefix(8).enumerated() {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < end {
                        let (id, seq) = (UUID.v7(), Int32(clamping: 1_000_000 * (index + 1) + count))
                        try await house.walled.write { tx in
                            tx.atCommit(
                                """
                                insert into app.message(tenant_id, id, conversation_id, seq, author_id, body, client_key, sent_at)
                                values (\(tenant), \(id), \(person.conversation), \(seq), \(person.id), 'Bare', \(id.text), now())
                                """)
                        }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(done) / start.duration(to: .now).inSeconds
    }
}
