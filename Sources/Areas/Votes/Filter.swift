import Database
import Foundation
import HTML
import Web

/// The parts of the list; each is a tab.
enum VoteShelf: String, CaseIterable, Sendable {
    case open, planned, finished
}

struct VoteFilter: Sendable {
    let viewer: VoteViewer
    let shelf: VoteShelf
    let words: String

    init(_ incoming: Incoming, _ viewer: VoteViewer) {
        self.viewer = viewer
        shelf = incoming.query.single("show").flatMap(VoteShelf.init(rawValue:)) ?? .open
        words = String((incoming.query.single("q") ?? "").trimmingCharacters(in: .whitespaces).prefix(100))
    }

    static let path: WebPath = "/votes"

    func query(without name: String = "") -> [(String, String)] {
        [("show", shelf.rawValue), ("q", words)].filter { $0.0 != name && !$0.1.isEmpty }
    }

    /// Votes `v` in which ballots are taken.
    static func isOpen(_ now: Date) -> SQL {
        "v.state in ('planned', 'open') and v.frozen_at is not null and v.starts_at <= \(now) and v.ends_at > \(now)"
    }

    var condition: SQL {
        let now = viewer.now
        let standing: SQL =
            switch shelf {
            case .open: Self.isOpen(now)
            case .planned: "v.state = 'planned' and (v.frozen_at is null or v.starts_at > \(now)) and v.ends_at > \(now)"
            case .finished: "(v.state in ('closed', 'cancelled') or v.ends_at <= \(now))"
            }
        let found: SQL = words.isEmpty ? "true" : "position(lower(\(words)) in lower(v.title)) > 0"
        return "v.tenant_id = \(viewer.tenant.id) and \(standing) and \(found) and \(viewer.visible)"
    }
}

extension Vote {
    static let head = ["vote_id", "title", "place", "state", "outcome", "starts_at", "ends_at", "voters", "voted", "secret"]

    func cells(at now: Date) -> [String] {
        [
            id.text, title, [building, entrance].compactMap(\.self).joined(separator: ", "), state(at: now).rawValue,
            outcome?.rawValue ?? "", startsAt.formatted(.iso8601), endsAt.formatted(.iso8601), String(voters), String(voted),
            isSecret ? "yes" : "no"
        ]
    }
}
