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

    /// Everybody this often; whoever comes or goes, within the second.
    private static let turns = 20

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var turn = 0
            while !Task.isCancelled {
                await note(hub.present(all: turn % Self.turns == 0))
                turn += 1
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// One statement for each company. What cannot be written is written 20 seconds later.
    func note(_ present: [Int32: [UUID]]) async {
        for (tenant, members) in present {
            let now = Date()
            do {
                _ = try await database.tenant(TxFacts(tenant: tenant, requestID: "presence", now: now)).write { tx in
                    try await tx.execute(Presence.note(members, tenant, at: now))
                }
            } catch {
                logger.warning("who is here cannot be noted", metadata: ["error": "\(error)"])
            }
        }
    }
}
