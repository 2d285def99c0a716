import Database
import Foundation
import Live
import Logging
import Messaging
import ServiceLifecycle

/// Notes which members have a page open at this process (`Presence`).
struct PresenceService: Service {
    let hub: LiveHub
    let database: Database
    let logger: Logger

    /// Everybody this often; whoever comes, within the second. Whoever goes is noted no more.
    private static let turns = 20

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var turn = 0
            while !Task.isCancelled {
                let all = turn % Self.turns == 0
                await note(hub.present(all: all), all: all)
                turn += 1
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// One transaction for each company. What cannot be written is written 20 seconds later.
    func note(_ present: [Int32: [UUID]], all: Bool) async {
        for (tenant, members) in present {
            let now = Date()
            do {
                _ = try await database.tenant(TxFacts(tenant: tenant, requestID: "presence", now: now)).write { tx in
                    // Who went since the last time: a turn may be a little late.
                    let since = now.addingTimeInterval(Double(-Self.turns - 5))
                    let (arrived, gone) = try await tx.batch(
                        Presence.note(members, tenant, at: now), all ? Presence.gone(tenant, since: since, now: now) : .known([]))
                    for member in arrived + gone { tx.signal(.presence(member)) }
                }
            } catch {
                logger.warning("who is here cannot be noted", metadata: ["error": "\(error)"])
            }
        }
    }
}
