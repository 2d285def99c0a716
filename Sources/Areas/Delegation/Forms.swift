import Database
import Forms
import Foundation
import Property
import Web

/// What an owner wants to lend, on which unit, to whom, until when.
struct DelegationDraft: Sendable {
    let email: String
    let rights: [DelegationRight]
    let unit: UUID
    /// Nil: until it is revoked.
    let expires: Date?

    /// - Parameters:
    ///   - owner: the mail address of who lends.
    ///   - holds: whether they have a right themselves.
    init(_ form: inout FormReader, by owner: String, _ zone: TimeZone, now: Date, _ holds: (DelegationRight) -> Bool) {
        email = form.email("delegate_email", .required)
        let chosen = form.choices("rights", DelegationRight.self, min: 1)
        rights = DelegationRight.allCases.filter(chosen.contains)
        unit = form.uuid("unit_id")
        expires = Self.expiry(&form, zone, now: now)
        if email == owner.lowercased() { form.fail("delegate_email", .own("delegate_is_self")) }
        if !rights.allSatisfy(holds) { form.fail("rights", .own("right_not_held")) }
    }

    /// A day, to its end at the company's place, or an instant.
    private static func expiry(_ form: inout FormReader, _ zone: TimeZone, now: Date) -> Date? {
        guard let typed = form.optionalText("expires_at", .max(40)) else { return nil }
        let given: Date? =
            typed.utf8.count > 10
            ? form.optionalInstant("expires_at", in: zone)
            : form.optionalDate("expires_at").flatMap { CalendarDate($0.description)?.adding(days: 1)?.start(in: zone) }
        if let given, given <= now { form.fail("expires_at", .own("expires_in_past")) }
        return given
    }
}

extension MemberContext {
    /// Nobody lends what their own roles do not grant; what was lent to them is not theirs.
    func holds(_ right: DelegationRight) -> Bool {
        right.permission.map { holds($0) } ?? true
    }
}

/// The answer to an offer. Whoever comes by the mail's link has its token; the invited member needs none.
struct AnswerDraft: Sendable {
    let tokenHash: [UInt8]?

    init(_ form: inout FormReader) {
        tokenHash = Token.hash(form.optionalText("token", .max(80)))
    }
}
