import Crypto
import Database
import Foundation
import HTML
import Web

/// What somebody signs in with.
package enum DeviceMark: Sendable {
    /// A browser keeps a random text of its own.
    case browser(SessionToken)
    /// A program keeps nothing: it is known by what it says it is, and by the network that it comes from.
    case program

    fileprivate func text(_ agent: String?, _ address: String?) -> String {
        switch self {
        case .browser(let token): return "browser:\(token.text)"
        case .program:
            let name = UserAgent(agent).name ?? "-"
            return "program:\(name):\(address.map(Self.network) ?? "-")"
        }
    }

    /// Of an address as it is printed (RFC 5952): its first three numbers, or the first four groups.
    static func network(_ address: String) -> String {
        guard address.contains(":") else { return address.split(separator: ".").prefix(3).joined(separator: ".") }
        let head = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let groups = head.split(separator: ":").prefix(4)
        return (groups + Array(repeating: "0", count: 4 - groups.count)).joined(separator: ":")
    }
}

/// What members have signed in with before.
package struct KnownDevices {
    let tx: Tx

    /// Whoever has just come in has one first device; before a day has passed, it is no news.
    private static let settling: TimeInterval = 86_400

    package init(tx: Tx) {
        self.tx = tx
    }

    /// Notes that a member signs in with it. With one that is not known, the member is told, once (`NewDeviceUsed`).
    ///
    /// - Parameter isFirst: the member is made by this very transaction.
    package func note(_ mark: DeviceMark, of member: UUID, agent: String?, isFirst: Bool = false) async throws {
        let (tenant, now) = (tx.facts.tenant, tx.facts.now)
        let text = "\(tenant):\(member.text):\(mark.text(agent, tx.facts.address))"
        let hash = Array(SHA256.hash(data: Data(text.utf8)))
        // The inner query sees the table as it was before.
        let isNews = try await tx.value(
            """
            with noted as (
              insert into app.known_device(tenant_id, hash, member_id, first_at, seen_at)
              values (\(tenant), \(hash), \(member), \(now), \(now))
              on conflict (tenant_id, hash) do update set seen_at = excluded.seen_at
              returning first_at = seen_at as is_new)
            select is_new and (m.created_at < \(now.addingTimeInterval(-Self.settling))
                   or exists (select from app.known_device k where k.tenant_id = m.tenant_id and k.member_id = m.id))
              from noted join app.member m on m.tenant_id = \(tenant) and m.id = \(member)
            """, Bool.self)
        guard isNews, !isFirst else { return }
        var isBrowser = false
        if case .browser = mark { isBrowser = true }
        try tx.publish(
            NewDeviceUsed(
                member: member, isBrowser: isBrowser, agent: agent.map { String($0.prefix(400)) }, address: tx.facts.address,
                at: now, occasion: UUID.v7(now: now)))
    }
}

/// A browser or program in words: "Firefox on Windows".
package enum DeviceWords {
    package static func of(_ agent: String?, isBrowser: Bool, _ language: Language) -> String {
        let (agent, t) = (UserAgent(agent), IdentityMessages(language).sessions)
        return switch (agent.name, agent.system) {
        case (let name?, let system?): t.deviceOn(name: name, system: system)
        case (let name?, nil): name
        case (nil, let system?): system
        case (nil, nil): isBrowser ? t.unknownBrowser : t.unknownProgram
        }
    }
}
