import Foundation
import Synchronization

/// Mints tickets. Two for the same company and person within one second are the same text, so the second one is not minted again.
final class Tickets: Sendable {
    private struct Holder: Hashable {
        var tenant: Int32
        var actor: UUID?
    }

    private let key: TicketKey
    private let made = Mutex<(second: Int64, tickets: [Holder: String])>((0, [:]))

    init(_ key: TicketKey) { self.key = key }

    func ticket(tenant: Int32, actor: UUID?) -> String {
        let now = Date()
        let second = Int64(now.timeIntervalSince1970)
        let holder = Holder(tenant: tenant, actor: actor)
        let known = made.withLock { made in
            if made.second != second { made = (second, [:]) }
            return made.tickets[holder]
        }
        if let known { return known }
        let ticket = key.mint(tenant: tenant, actor: actor?.text ?? "", now: now)
        made.withLock { if $0.second == second { $0.tickets[holder] = ticket } }
        return ticket
    }
}
