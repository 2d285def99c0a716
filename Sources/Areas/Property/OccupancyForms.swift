import Database
import Forms
import Foundation
import Web

/// Somebody of the company, by mail address (people) or by id (programs).
enum PersonKey: Sendable {
    case email(String)
    case id(UUID)

    init(_ form: inout FormReader) {
        if form.has("member_id") { self = .id(form.uuid("member_id")) } else { self = .email(form.email("person", .required)) }
    }

    /// - Throws: `FormErrors` when there is nobody like that.
    func id(_ tx: Tx) async throws -> UUID {
        let match: SQL =
            switch self {
            case .email(let email): "lower(email) = lower(\(email))"
            case .id(let id): "id = \(id)"
            }
        guard
            let found = try await tx.firstValue(
                "select id from app.member where tenant_id = \(tx.facts.tenant) and kind = 'person' and \(match)", UUID.self)
        else { throw FormErrors([FieldProblem(isEmail ? "person" : "member_id", .own("person_unknown"))]) }
        return found
    }

    private var isEmail: Bool {
        if case .email = self { true } else { false }
    }
}

extension FormReader {
    /// `1/3` as a text, or `{numerator, denominator}` from programs.
    mutating func share(_ name: String) -> Share? {
        if has("\(name).numerator") || has("\(name).denominator") {
            let top = int("\(name).numerator", in: 1...Int(Int64.max))
            let bottom = int("\(name).denominator", in: 1...Int(Int64.max))
            let share = Share(Int64(top), Int64(bottom))
            if share == nil { fail(name, .own("share_invalid")) }
            return share
        }
        guard let text = optionalText(name, .max(64)) else { return nil }
        let share = Share(text)
        if share == nil { fail(name, .own("share_invalid")) }
        return share
    }

    mutating func day(_ name: String) -> CalendarDate {
        let day = date(name)
        return CalendarDate(day.description) ?? CalendarDate(clampingDaysSince2000: 0)
    }

    mutating func optionalDay(_ name: String) -> CalendarDate? {
        optionalDate(name).flatMap { CalendarDate($0.description) }
    }
}

/// Somebody moves in or becomes an owner.
struct OccupancyDraft: Sendable {
    let person: PersonKey
    let since: CalendarDate
    let until: CalendarDate?
    let share: Share?

    init(_ kind: OccupancyKind, _ form: inout FormReader) {
        person = PersonKey(&form)
        since = form.day("since")
        until = form.optionalDay("until")
        share = kind == .owner ? form.share("share") : nil
        if let until, form.isValid, until < since { form.fail("until", .own("ends_before_start")) }
    }
}

/// The last day of somebody in a unit.
struct EndDraft: Sendable {
    let last: CalendarDate
    let version: Int?

    init(_ form: inout FormReader) {
        last = form.day("until")
        version = form.optionalInt("version", in: 1...Int(Int32.max))
    }
}

/// An owner hands over, all or a part.
struct TransferDraft: Sendable {
    let person: PersonKey
    /// The new owner's first day.
    let on: CalendarDate
    /// Nil: everything.
    let share: Share?
    let version: Int?

    init(_ form: inout FormReader) {
        person = PersonKey(&form)
        on = form.day("on")
        share = form.share("share")
        version = form.optionalInt("version", in: 1...Int(Int32.max))
    }
}
