import Database
import Forms
import Foundation
import Tenancy
import Web

/// A fault as somebody reports it.
struct FaultDraft: Sendable {
    let title: String
    let description: String
    let category: String
    let unit: UUID?
    let building: UUID?
    let locationNote: String
    let photos: [Upload]
    /// Those that an earlier try of this form brought along.
    let held: [UUID]
    /// The reporter has seen which outages are known there.
    let knowsOutage: Bool

    /// - Parameter home: the caller's only home, which is meant when no place is named.
    init(_ form: inout FormReader, _ settings: FaultSettings, home: UUID?) {
        title = form.text("title", .required, .max(140))
        description = form.text("description", .required, .max(5000), .lines)
        category = form.choice("category", among: settings.categories.keys)
        locationNote = form.optionalText("location_note", .max(200)) ?? ""
        held = form.uuids(HeldPhoto.field, max: 10)
        photos = form.files("photos", max: 10 - held.count, maxBytes: 10 << 20)
        knowsOutage = form.flag("known_outage")
        // The page has one list of places; programs name unit or building.
        let place = form.optionalText("place") ?? ""
        let named = place.hasPrefix("unit-") ? UUID(uuidString: String(place.dropFirst(5))) : form.optionalUUID("unit_id")
        building = place.hasPrefix("building-") ? UUID(uuidString: String(place.dropFirst(9))) : form.optionalUUID("building_id")
        let isUnnamed = named == nil && building == nil
        unit = isUnnamed ? home : named
        if isUnnamed, !place.isEmpty { form.fail("place", .notAllowed) }
        if isUnnamed, place.isEmpty, home == nil, !form.hasProblem("unit_id"), !form.hasProblem("building_id") {
            form.fail("place", .required)
        }
    }
}

/// What goes with an act: whom, why, what was done.
struct FaultActDraft: Sendable {
    var assignee: UUID?
    var note = ""
    var version: Int?
    var photos: [StoredPhoto] = []
    var cost: Money?
    var rating: Int?
    var ratingNote: String?
    var holdUntil: CalendarDate?

    init() {}

    init(_ act: FaultAct, _ form: inout FormReader, _ money: MoneyRule) {
        version = form.version()
        switch act {
        case .assign: assignee = form.uuid("assignee_id")
        case .resolve:
            note = form.text("resolution", .required, .max(5000), .lines)
            cost = money.read("cost", &form)
        case .hold:
            note = form.text("reason", .required, .max(1000), .lines)
            holdUntil = form.optionalDate("hold_until").flatMap { CalendarDate($0.description) }
        case .reopen, .cancel: note = form.text("reason", .required, .max(1000), .lines)
        case .confirm:
            rating = form.optionalInt("rating", in: 1...5)
            ratingNote = form.optionalText("rating_note", .max(500), .lines)
            if ratingNote != nil, rating == nil { form.fail("rating", .required) }
        case .start: break
        }
    }

    /// With what was photographed afterwards.
    static func withFiles(_ act: FaultAct, _ form: inout FormReader, _ money: MoneyRule) -> (Self, [Upload]) {
        (Self(act, &form, money), act == .resolve ? form.files("photos", max: 10, maxBytes: 10 << 20) : [])
    }

    /// For the timeline's entry.
    func facts(_ assignee: String?) -> [String: String] {
        var facts: [String: String] = [:]
        facts["assignee"] = assignee
        facts["until"] = holdUntil?.description
        return facts
    }
}

/// An amount in a currency's smallest unit.
struct Money: Sendable, Equatable {
    let minor: Int64
    let currency: String

    /// For the audit trail: "12050 EUR".
    var text: String { "\(minor) \(currency)" }
}

/// How a company's people write amounts.
struct MoneyRule: Sendable {
    let currency: Currency
    let decimal: Character

    init(_ tenant: Tenant, decimal: Character = ".") {
        (currency, self.decimal) = (tenant.currency, decimal)
    }

    /// Nil when nothing was given.
    func read(_ name: String, _ form: inout FormReader) -> Money? {
        guard form.has("\(name).amount") || (form.has(name) && !form.isNull(name)) else { return nil }
        let minor = form.money(name, currency: currency.code, digits: currency.minorDigits, decimal: decimal)
        return Money(minor: minor, currency: currency.code)
    }
}

/// The part of a fault that people write and rewrite.
struct FaultText: Equatable, Sendable {
    var title: String
    var description: String
    var category: String
    var priority: FaultPriority

    init(_ fault: Fault) {
        title = fault.title
        description = fault.description
        category = fault.category
        priority = fault.priority
    }

    var fields: [String: String?] {
        ["title": title, "description": description, "category": category, "priority": priority.rawValue]
    }

    func deadlineChanged(from fault: Fault) -> Bool {
        category != fault.category || priority != fault.priority
    }
}

/// An edit: the wanted text, and what the form showed when it was opened.
struct FaultEdit: Sendable {
    let title: String?
    let description: String?
    let category: String?
    var priority: FaultPriority?
    let version: Int?
    let opened: [String: String]

    /// What a suggestion says; nil keeps what stands.
    init(category: String?, priority: FaultPriority?) {
        (title, description, version, opened) = (nil, nil, nil, [:])
        (self.category, self.priority) = (category, priority)
    }

    init(_ form: inout FormReader, _ settings: FaultSettings) {
        title = form.has("title") ? form.text("title", .required, .max(140)) : nil
        description = form.has("description") ? form.text("description", .required, .max(5000), .lines) : nil
        category = form.has("category") ? form.choice("category", among: settings.categories.keys) : nil
        priority = form.has("priority") ? form.choice("priority", FaultPriority.self) : nil
        version = form.version()
        var opened: [String: String] = [:]
        for name in ["title", "description", "category", "priority"] {
            opened[name] = form.optionalText("opened_\(name)", .max(5000), .lines)
        }
        self.opened = opened
    }

    /// Three-way merge: what the form showed, what stands now, what is wanted.
    ///
    /// - Throws: `FaultConflict` when both sides changed the same field to different things; 409 when a stale version comes
    ///   without the texts that it was based on (programs).
    func merged(with fault: Fault) throws -> FaultText {
        let now = FaultText(fault)
        var wanted = now
        if let title { wanted.title = title }
        if let description { wanted.description = description }
        if let category { wanted.category = category }
        if let priority { wanted.priority = priority }
        guard let version, version != fault.version else { return wanted }
        guard !opened.isEmpty else { throw Failure.staleVersion }
        var lines: [FaultConflict.Line] = []
        var result = now
        for (name, mine) in wanted.fields {
            let base = opened[name] ?? ""
            let theirs = (now.fields[name] ?? "") ?? ""
            let mine = mine ?? ""
            if mine == base || mine == theirs { continue }
            if theirs == base {
                result.set(name, mine)
            } else {
                lines.append(.init(field: name, base: base, theirs: theirs, mine: mine))
            }
        }
        guard lines.isEmpty else {
            throw FaultConflict(fault: fault, lines: lines.sorted { $0.field < $1.field }, merged: result)
        }
        return result
    }
}

extension FaultText {
    fileprivate mutating func set(_ field: String, _ value: String) {
        switch field {
        case "title": title = value
        case "description": description = value
        case "category": category = value
        default: priority = FaultPriority(rawValue: value) ?? priority
        }
    }
}

/// Two people changed the same field to different things.
struct FaultConflict: Error, Sendable {
    struct Line: Sendable {
        let field: String
        let base: String
        let theirs: String
        let mine: String
    }

    let fault: Fault
    let lines: [Line]
    /// Everything that could be merged without asking.
    let merged: FaultText
}
