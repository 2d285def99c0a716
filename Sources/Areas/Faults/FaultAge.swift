import Database
import Foundation

/// How long ago a fault was reported, as dashboards and the list's address group it.
enum FaultAge: String, CaseIterable, Sendable {
    case today = "0-1"
    case days = "1-3"
    case week = "3-7"
    case month = "7-30"
    case older = "30"

    /// As messages choose by it.
    var word: String { String(describing: self) }

    /// In days; the last one has no end.
    private var days: (from: Double, until: Double?) {
        switch self {
        case .today: (0, 1)
        case .days: (1, 3)
        case .week: (3, 7)
        case .month: (7, 30)
        case .older: (30, nil)
        }
    }

    func condition(now: Date) -> SQL {
        let newest: SQL = self == .today ? "true" : "f.reported_at <= \(now.addingTimeInterval(-days.from * 86_400))"
        guard let until = days.until else { return newest }
        return "\(newest) and f.reported_at > \(now.addingTimeInterval(-until * 86_400))"
    }

    /// The key of a fault's age as an SQL expression.
    static func key(now: Date) -> SQL {
        let cases = allCases.map { age in "when \(age.condition(now: now)) then \(age.rawValue)" as SQL }
        return "case \(cases.joined(separator: " ")) end"
    }
}
