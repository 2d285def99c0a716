import Database
import Foundation
import Property

/// One fault as the database holds it, with the names that pages print.
package struct Fault: Record, FaultPosition, Sendable {
    package let id: UUID
    package let number: String
    package let title: String
    package let description: String
    package let category: String
    package let priority: FaultPriority
    package let state: FaultState
    package let buildingID: UUID
    package let building: String
    package let unitID: UUID?
    package let unit: String?
    package let locationNote: String
    /// Nil when a visitor reported it, through the code on a sheet.
    package let reporterID: UUID?
    package let reporter: String?
    /// The owner in whose name a delegate reported it.
    package let behalfID: UUID?
    package let behalf: String?
    package let assigneeID: UUID?
    package let assignee: String?
    package let resolution: String?
    package let holdReason: String?
    package let reportedAt: Date
    package let dueAt: Date
    package let stateAt: Date
    package let resolvedAt: Date?
    package let closedAt: Date?
    /// What the work cost, in the currency's smallest unit.
    package let costMinor: Int64?
    package let costCurrency: String?
    /// 1 to 5, by whoever reported it, when they confirmed.
    package let rating: Int?
    package let ratingNote: String?
    /// The day on which it opens again by itself.
    package let holdUntil: CalendarDate?
    /// The fault that it was merged into, with number and state.
    package let duplicateOf: UUID?
    package let original: String?
    package let originalState: FaultState?
    package let version: Int

    package init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        title = try row["title"]
        description = try row["description"]
        category = try row["category"]
        priority = try row["priority"]
        state = try row["state"]
        buildingID = try row["building_id"]
        building = try row["building"]
        unitID = try row["unit_id"]
        unit = try row["unit"]
        locationNote = try row["location_note"]
        reporterID = try row["reporter_id"]
        reporter = try row["reporter"]
        behalfID = try row["on_behalf_of"]
        behalf = try row["behalf"]
        assigneeID = try row["assignee_id"]
        assignee = try row["assignee"]
        resolution = try row["resolution"]
        holdReason = try row["hold_reason"]
        reportedAt = try row["reported_at"]
        dueAt = try row["due_at"]
        stateAt = try row["state_at"]
        resolvedAt = try row["resolved_at"]
        closedAt = try row["closed_at"]
        costMinor = try row["cost_minor"]
        costCurrency = try row["cost_currency"]
        rating = try row["rating"]
        ratingNote = try row["rating_note"]
        holdUntil = try row["hold_until"]
        duplicateOf = try row["duplicate_of"]
        original = try row["original"]
        originalState = try row["original_state"]
        version = try row["version"]
    }

    var cost: Money? {
        guard let costMinor, let costCurrency else { return nil }
        return Money(minor: costMinor, currency: costCurrency)
    }

    func isOverdue(at now: Date) -> Bool {
        state.isOpen && dueAt < now
    }
}

/// Who looks at faults, and what they may do with one.
package struct FaultViewer: Sendable {
    let tenant: Int32
    let member: UUID
    /// Sees every fault of the company.
    let seesAll: Bool
    /// Assigns, changes, cancels: a manager.
    let manages: Bool
    /// Works on faults that are assigned to them.
    let works: Bool
    /// Confirms, reopens, cancels what they reported.
    let reports: Bool
    /// The one fault that a visitor reported and sees through their private link.
    var visits: UUID?
    /// What owners have lent: reporting in their name. Nil when nobody has.
    var lent: Delegated?

    /// The company's own rules at work: sees and may everything, is nobody.
    static func system(_ tenant: Int32) -> FaultViewer {
        FaultViewer(
            tenant: tenant, member: nobody, seesAll: true, manages: true, works: true, reports: true)
    }

    /// Whoever holds the private link of a fault: sees that one as the person who reported it, is no member.
    static func visitor(_ tenant: Int32, of fault: UUID) -> FaultViewer {
        FaultViewer(
            tenant: tenant, member: nobody, seesAll: false, manages: false, works: false, reports: true, visits: fault)
    }

    private static let nobody = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    /// Whether this viewer reported it, or somebody in their name. A visitor sees no other fault, so that one without a member is
    /// theirs.
    func reported(_ fault: some FaultPosition) -> Bool {
        visits == nil ? fault.reporterID == member || fault.behalfID == member : fault.reporterID == nil
    }

    /// In whose name this viewer acts on the fault; nil when in their own. Staff act for the company, whatever they reported.
    func behalf(on fault: some FaultPosition) -> UUID? {
        isStaff || fault.reporterID != member ? nil : fault.behalfID
    }

    /// For the timeline's entry.
    func marks(on fault: some FaultPosition) -> [String: String] {
        behalf(on: fault) == nil ? [:] : Self.byDelegate
    }

    static let byDelegate = ["by": "delegate"]

    /// The acts that this viewer may do with the fault now, in the order of its next states.
    func acts(on fault: some FaultPosition, now: Date) -> [FaultAct] {
        fault.state.next.compactMap(FaultAct.init(target:)).filter { may($0, fault) && isTimely($0, fault, now) }
    }

    /// Right alone, whatever the state.
    func may(_ act: FaultAct, _ fault: some FaultPosition) -> Bool {
        if manages { return true }
        switch act {
        case .start, .hold, .resolve: return works && fault.assigneeID == member
        case .confirm, .reopen, .cancel: return reports && reported(fault)
        case .assign: return false
        }
    }

    /// A closed fault is reopened within 14 days of its closing, or not at all; who reported it withdraws it until somebody acts on it.
    func isTimely(_ act: FaultAct, _ fault: some FaultPosition, _ now: Date) -> Bool {
        if act == .cancel { return manages || fault.state == .reported }
        guard act == .reopen, fault.state == .closed, let closed = fault.closedAt else { return true }
        return now.timeIntervalSince(closed) <= 14 * 86_400
    }

    /// Works for the company: reads internal notes, costs, and who reported what.
    var isStaff: Bool { seesAll || manages || works }

    /// Managers, whoever works on it, and whoever reported it. Other residents only read.
    func mayComment(on fault: Fault) -> Bool {
        isStaff || (reports && reported(fault))
    }

    /// What a reporter thought of the work is between them and the company.
    func seesRating(of fault: Fault) -> Bool {
        isStaff || reported(fault)
    }

    /// Title, description and category may be changed by managers, and by the reporter until somebody acts on it.
    func mayEdit(_ fault: Fault) -> Bool {
        manages || (reports && reported(fault) && fault.state == .reported)
    }
}
