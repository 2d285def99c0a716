import Foundation
import UI

@testable import Faults

extension PageSamples {
    static let search = [
        PageSample(name: "search", page: searchPage("tap", groups: searchGroups)),
        PageSample(name: "search-start", page: searchPage("", groups: [])),
        PageSample(name: "search-none", page: searchPage("zzz", groups: []))
    ]

    private static func searchPage(_ words: String, groups: [SearchGroup]) -> SearchPage {
        SearchPage(
            words: Field(
                "q", label: "Fault, building, unit or person", value: words,
                hint: "A number, a name, an address or a few words; small mistakes do not matter.", required: true,
                focused: words.isEmpty),
            summary: words.isEmpty ? "" : "\(groups.reduce(0) { $0 + $1.count }) hits for \(words)", isAsked: !words.isEmpty,
            groups: groups, all: groups.isEmpty ? nil : "/search?q=\(words)")
    }

    private static let searchGroups = [
        SearchGroup(
            key: "faults", title: "Faults", count: 7,
            hits: [
                SearchHit(
                    id: "1", path: rows[0].path, icon: .tools,
                    title: [
                        TextPart(text: "Kitchen ", isHit: false), TextPart(text: "tap", isHit: true),
                        TextPart(text: " drips", isHit: false)
                    ], sub: [TextPart(text: "F-2026-0412 · Lindenstraße 12, Apt 3.2", isHit: false)],
                    badges: [reported, overdue]),
                SearchHit(
                    id: "2", path: rows[1].path, icon: .tools, title: [TextPart(text: long, isHit: false)],
                    sub: [TextPart(text: long, isHit: true)], badges: [reported])
            ], more: "/search?q=tap&in=faults", moreLabel: "All 7 faults"),
        SearchGroup(
            key: "places", title: "Buildings and units", count: 1,
            hits: [
                SearchHit(
                    id: "3", path: "/units/1", icon: .door, title: [TextPart(text: "Tap 1", isHit: true)],
                    sub: [TextPart(text: "Lindenstraße 12", isHit: false)], badges: [Badge("Archived")])
            ], moreLabel: ""),
        SearchGroup(
            key: "people", title: "People", count: 1,
            hits: [
                SearchHit(
                    id: "4", path: "/people/1", icon: .person, title: [TextPart(text: "Tapio Berg", isHit: true)],
                    sub: [TextPart(text: "tapio@lindenhof.example", isHit: false)], badges: [])
            ], moreLabel: "")
    ]
}
