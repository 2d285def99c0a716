import Foundation
import Property

/// A delegation as programs see it.
struct DelegationJSON: Codable, Sendable {
    struct Person: Codable, Sendable {
        let id: String
        let name: String
    }

    let delegationId: String
    let unitId: String
    let unit: String
    let building: String
    let delegator: Person
    /// Nil until somebody has accepted: before that an address is all that is known.
    let delegate: Person?
    let delegateEmail: String
    let rights: [String]
    let state: String
    let offeredAt: Date
    let sentAt: Date
    let expiresAt: Date?
    let acceptedAt: Date?
    let endedAt: Date?
    /// `term` or `ownership`, when it expired.
    let endedWhy: String?

    init(_ line: DelegationLine, now: Date) {
        delegationId = line.id.text
        unitId = line.unitID.text
        unit = line.unit
        building = line.building
        delegator = Person(id: line.delegatorID.text, name: line.delegator)
        delegate = line.acceptedAt == nil ? nil : line.delegateID.map { Person(id: $0.text, name: line.delegate) }
        delegateEmail = line.email
        rights = line.rights.map(\.rawValue)
        state = line.state(at: now).rawValue
        offeredAt = line.offeredAt
        sentAt = line.sentAt
        expiresAt = line.expiresAt
        acceptedAt = line.acceptedAt
        endedAt = line.endedAt
        endedWhy = line.endedWhy
    }
}

extension DelegationLine {
    static let head = [
        "building", "unit", "owner", "delegate", "email", "rights", "state", "offered_at", "expires_at", "accepted_at", "ended_at"
    ]

    func cells(at now: Date) -> [String] {
        [
            building, unit, delegator, delegate, email, rights.map(\.rawValue).joined(separator: " "), state(at: now).rawValue,
            offeredAt.formatted(.iso8601), expiresAt?.formatted(.iso8601) ?? "", acceptedAt?.formatted(.iso8601) ?? "",
            endedAt?.formatted(.iso8601) ?? ""
        ]
    }
}
