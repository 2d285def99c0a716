import Database
import Foundation
import HTML
import Property
import Web

/// The parts of the list; each is a tab.
enum DelegationShelf: String, CaseIterable, Sendable {
    case given, received, history
    /// The whole company's, for those who look after it.
    case all
}

/// What the list is narrowed down to.
struct DelegationFilter: Sendable {
    let viewer: DelegationViewer
    let shelf: DelegationShelf
    let shelves: [DelegationShelf]
    let words: String
    let state: DelegationState?

    init(_ incoming: Incoming, _ viewer: DelegationViewer) {
        self.viewer = viewer
        shelves = DelegationShelf.allCases.filter { $0 != .all || viewer.seesAll }
        let asked = incoming.query.single("show").flatMap(DelegationShelf.init(rawValue:)).flatMap { [shelves] in
            shelves.contains($0) ? $0 : nil
        }
        shelf = asked ?? (viewer.seesAll ? .all : viewer.isDelegate ? .received : .given)
        words = String((incoming.query.single("q") ?? "").trimmingCharacters(in: .whitespaces).prefix(100))
        state = incoming.query.single("state").flatMap(DelegationState.init(rawValue:))
    }

    static let path: WebPath = "/delegations"

    func query(without name: String = "") -> [(String, String)] {
        [("show", shelf.rawValue), ("q", words), ("state", state?.rawValue ?? "")].filter { $0.0 != name && !$0.1.isEmpty }
    }

    var condition: SQL {
        var parts: [SQL] = ["d.tenant_id = \(viewer.tenant)"]
        switch shelf {
        case .given: parts += [viewer.given, "d.state in ('pending', 'accepted')"]
        case .received: parts += [viewer.received, "d.state in ('pending', 'accepted')"]
        case .history: parts += ["(\(viewer.given) or \(viewer.received))", "d.state not in ('pending', 'accepted')"]
        case .all: break
        }
        if let state { parts.append("d.state = \(state.rawValue)") }
        if !words.isEmpty { parts.append(matches) }
        return parts.joined(separator: " and ")
    }

    /// In the owner's name, the address it went to, or the place. A delegate's name is found once they have accepted.
    private var matches: SQL {
        """
        (position(lower(\(words)) in d.email) > 0
         or exists (select from app.member n where n.tenant_id = d.tenant_id and position(lower(\(words)) in lower(n.name)) > 0
                       and (n.id = d.delegator_id or (n.id = d.delegate_id and d.accepted_at is not null)))
         or exists (select from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
                     where u.tenant_id = d.tenant_id and u.id = d.unit_id
                       and position(lower(\(words)) in lower(b.name || ', ' || u.label)) > 0))
        """
    }
}
