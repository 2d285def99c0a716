import Foundation
import HTML
import UI

/// Surroundings for pages in tests: a signed-in manager of a made-up company on a fixed day.
enum ViewSamples {
    /// 2026-11-21 13:05:09 UTC.
    static let now = Date(timeIntervalSince1970: 1_795_266_309)

    static func manager(_ language: Language = .en, theme: Theme = .auto) -> View {
        View(
            language: language, format: format(language), company: "Lindenhof Hausverwaltung", assets: assets,
            path: "/faults?state=open", theme: theme,
            person: Person(name: "Maria Kern", subtitle: language == .en ? "Manager" : "Verwalterin", key: "m1"),
            navigation: navigation(language), unread: 3, csrf: "c5rf", formKey: "k3y", requestID: "01JD8ZK3", development: true)
    }

    static func visitor(_ language: Language = .en, theme: Theme = .auto) -> View {
        View(
            language: language, format: format(language), company: "Lindenhof Hausverwaltung", assets: assets, path: "/login",
            theme: theme, csrf: "c5rf", formKey: "k3y", requestID: "01JD8ZK3", development: true)
    }

    static func format(_ language: Language) -> Format {
        Format(language: language, timeZone: TimeZone(identifier: "Europe/Berlin") ?? .gmt, currency: "EUR")
    }

    private static let assets = AssetPaths()

    private static func navigation(_ language: Language) -> [NavItem] {
        let english = language == .en
        return [
            NavItem(label: english ? "Home" : "Übersicht", path: "/dashboard", icon: .house),
            NavItem(label: english ? "Faults" : "Schäden", path: "/faults", icon: .tools, current: true, count: 12),
            NavItem(label: english ? "Buildings" : "Gebäude", path: "/buildings", icon: .buildings),
            NavItem(label: english ? "Notices" : "Mitteilungen", path: "/notifications", icon: .inbox, count: 3),
            NavItem(label: english ? "Jobs" : "Aufträge", path: "/admin/jobs", icon: .activity),
            NavItem(label: english ? "Audit log" : "Protokoll", path: "/admin/audit", icon: .journal)
        ]
    }
}
