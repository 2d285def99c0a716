import Database
import Forms
import Foundation
import Tenancy
import Web

/// An outage as somebody declares it.
struct IncidentDraft: Sendable {
    let title: String
    let category: String
    let building: UUID?
    let entrance: UUID?
    let since: Date
    let expectedEnd: Date?
    let faults: [UUID]

    init(_ form: inout FormReader, _ settings: FaultSettings, zone: TimeZone, now: Date) {
        title = form.text("title", .required, .max(140))
        category = form.choice("category", among: settings.categories.keys)
        // The page has one list of places; programs name building or entrance.
        let place = form.optionalText("place") ?? ""
        let isEntrance = place.hasPrefix("entrance-")
        building = place.hasPrefix("building-") ? UUID(uuidString: String(place.dropFirst(9))) : form.optionalUUID("building_id")
        entrance = isEntrance ? UUID(uuidString: String(place.dropFirst(9))) : form.optionalUUID("entrance_id")
        if building == nil, entrance == nil, !form.hasProblem("building_id"), !form.hasProblem("entrance_id") {
            form.fail("place", place.isEmpty ? .required : .notAllowed)
        }
        since = form.optionalInstant("since", in: zone) ?? now
        expectedEnd = form.optionalInstant("expected_end", in: zone)
        faults = form.uuids("fault_ids", max: 200)
        IncidentTimes.check(since: since, end: expectedEnd, now: now, &form)
    }
}

/// What is changed about an outage; nil keeps what stands.
struct IncidentEdit: Sendable {
    let title: String?
    let category: String?
    let since: Date?
    /// Nil twice keeps it; nil once takes it away.
    let expectedEnd: Date??
    let version: Int?

    init(_ form: inout FormReader, _ settings: FaultSettings, zone: TimeZone, now: Date) {
        title = form.has("title") ? form.text("title", .required, .max(140)) : nil
        category = form.has("category") ? form.choice("category", among: settings.categories.keys) : nil
        since = form.optionalInstant("since", in: zone)
        expectedEnd =
            form.has("expected_end") || form.isNull("expected_end") ? .some(form.optionalInstant("expected_end", in: zone)) : nil
        version = form.version()
        IncidentTimes.check(since: since ?? now, end: nil, now: now, &form)
    }
}

/// How an outage ended, and which of its faults end with it.
struct IncidentEnd: Sendable {
    let resolution: String
    let faults: [UUID]
    let version: Int?

    init(_ form: inout FormReader) {
        resolution = form.text("resolution", .required, .max(5000), .lines)
        faults = form.uuids("fault_ids", max: Incidents.most)
        version = form.version()
    }
}

/// What shall be sent to everybody who lives there.
struct IncidentNotice: Sendable {
    /// By language; every language of the people is there.
    let texts: [String: String]
    let isUrgent: Bool
    /// Only to look at.
    let isPreview: Bool

    init(_ form: inout FormReader, languages: [String]) {
        var texts: [String: String] = [:]
        for language in languages { texts[language] = form.text("text_\(language)", .required, .max(2000), .lines) }
        self.texts = texts
        isUrgent = form.flag("urgent")
        isPreview = form.flag("preview")
    }
}

private enum IncidentTimes {
    static func check(since: Date, end: Date?, now: Date, _ form: inout FormReader) {
        let year: TimeInterval = 366 * 86_400
        if abs(since.timeIntervalSince(now)) > year { form.fail("since", .own("within_a_year")) }
        guard let end else { return }
        if end < since { form.fail("expected_end", .own("end_before_since")) }
        if end.timeIntervalSince(now) > year { form.fail("expected_end", .own("within_a_year")) }
    }
}
