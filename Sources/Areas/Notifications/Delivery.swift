import Database
import Foundation
import Mail
import Tenancy
import Web

/// Where a delivery stands.
package enum DeliveryState: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case queued, sent
    /// Will be tried again.
    case failed
    /// Given up, or possibly arrived: somebody has to look.
    case parked
    /// Will not be sent; the reason says why.
    case suppressed
}

/// Why a delivery was parked or is not sent.
package enum DeliveryReason: String, Sendable, CaseIterable {
    case undeliverable, uncertain
    case read, preference, bounced, rejected, unconfigured
    case noAddress = "no_address"
    case memberDisabled = "member_disabled"
}

/// A delivery with everything that decides what happens to it now.
struct DueDelivery: Record, Sendable {
    let id: UUID
    let notice: UUID?
    let member: UUID?
    let medium: Medium
    let kind: String
    let state: DeliveryState
    let isUrgent: Bool
    let isBeingSent: Bool
    let address: String?
    let name: String?
    let locale: String?
    let timeZone: String?
    let isDisabled: Bool
    let isRead: Bool
    let isUnwanted: Bool
    let isBounced: Bool
    let quiet: QuietHours?
    let tries: Int
    /// Where a push goes; nil once the device is gone.
    let device: PushTarget?
    let path: String
    var facts: [String: String]

    init(row: Row) throws {
        id = try row["id"]
        notice = try row["notification_id"]
        member = try row["member_id"]
        medium = try row["channel"]
        kind = try row["kind"]
        state = try row["state"]
        isUrgent = try row["urgent"]
        isBeingSent = try row["is_being_sent"]
        address = try row["target"]
        name = try row["name"]
        locale = try row["locale"]
        timeZone = try row["time_zone"]
        isDisabled = try row["is_disabled"]
        isRead = try row["is_read"]
        isUnwanted = try row["is_unwanted"]
        isBounced = try row["is_bounced"]
        quiet = QuietHours(from: try row["quiet_from"], to: try row["quiet_to"])
        tries = Int(try row["tries"] as Int32)
        device = try PushTarget(row: row)
        facts = try (row["facts"] as JSONBytes).decode([String: String].self)
        path = try row["path"] as String? ?? facts["path"] ?? "/"
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<DueDelivery?> {
        .first(
            """
            select d.*, s.address is not null as is_bounced
              from (select d.id, d.notification_id, d.member_id, d.channel, d.kind, d.state, d.urgent,
                           d.sending_at is not null as is_being_sent,
                           d.tries, r.id as device_id, r.kind as device_kind, r.label as device_label, r.hash as device_hash,
                           r.sealed as device_sealed,
                           case when d.member_id is null then d.address when d.channel = 'mail' then m.email
                                when d.channel = 'sms' then h.phone end as target,
                           m.name, coalesce(d.language, m.locale) as locale, m.time_zone,
                           m.disabled_at is not null as is_disabled, n.read_at is not null as is_read,
                           coalesce(p.mode = 'off', false) as is_unwanted, h.quiet_from, h.quiet_to, n.path,
                           coalesce(n.facts, d.facts, '{}') as facts
                      from app.delivery d
                      left join app.notification n on n.tenant_id = d.tenant_id and n.id = d.notification_id
                      left join app.member m on m.tenant_id = d.tenant_id and m.id = d.member_id
                      left join app.push_registration r on r.tenant_id = d.tenant_id and r.id = d.registration_id
                            and r.member_id = d.member_id
                      left join app.notice_habit h on h.tenant_id = d.tenant_id and h.member_id = d.member_id
                      left join app.notice_preference p on p.tenant_id = d.tenant_id and p.member_id = d.member_id
                            and p.channel = d.channel and d.notification_id is not null
                            and p.kind = case when d.kind = any(\(NoticeKind.names)) then d.kind else 'other' end
                     where d.tenant_id = \(tenant) and d.id = \(id)) d
              left join app.suppressed_address s on s.tenant_id = \(tenant) and s.channel = d.channel and s.address = lower(d.target)
            """)
    }
}

extension DueDelivery {
    enum Step {
        case nothing
        case wait(until: Date)
        case settle(DeliveryState, DeliveryReason)
        case send(any Channel, to: String)
        case push(PushTarget)
    }

    /// What is to be done with it now.
    func step(_ tenant: Tenant, _ channels: Channels, _ devices: PushChannel, now: Date) -> Step {
        guard state == .queued || state == .failed else { return .nothing }
        // A worker died in the middle of it. Nobody knows whether the message went out, and twice is worse than asking.
        if isBeingSent { return .settle(medium == .push ? .suppressed : .parked, .uncertain) }
        if isDisabled { return .settle(.suppressed, .memberDisabled) }
        if isRead { return .settle(.suppressed, .read) }
        if isUnwanted { return .settle(.suppressed, .preference) }
        if medium == .push {
            guard let device else { return .settle(.suppressed, .noAddress) }
            guard devices.serves(device.kind) else { return .settle(.suppressed, .unconfigured) }
            return quietUntil(tenant, now).map { .wait(until: $0) } ?? .push(device)
        }
        guard let address else { return .settle(.suppressed, .noAddress) }
        if isBounced { return .settle(.suppressed, .bounced) }
        guard let channel = medium == .mail ? channels.mail : channels.sms else { return .settle(.suppressed, .unconfigured) }
        return quietUntil(tenant, now).map { .wait(until: $0) } ?? .send(channel, to: address)
    }

    private func quietUntil(_ tenant: Tenant, _ now: Date) -> Date? {
        let zone = timeZone.flatMap(TimeZone.init(identifier:)) ?? tenant.timeZone
        return isUrgent || kind == Digest.kind || kind == OwnPush.trial.rawValue ? nil : quiet?.end(at: now, in: zone)
    }
}
