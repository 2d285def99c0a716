import Database
import Foundation
import HTML
import Jobs
import Notifications

/// Writes to whoever reported a fault through the code on a sheet and left a mail address.
package struct TellVisitor: Job {
    package static let kind = "faults.tell-visitor"
    let fault: UUID
    let what: What
    /// The event's own identity: one letter each.
    let occasion: UUID

    enum What: String, Codable, Sendable {
        case received, scheduled, started, held, resumed, resolved, cancelled, merged, commented

        init?(_ what: TellAboutFault.What) {
            switch what {
            case .reported: self = .received
            case .assigned: self = .scheduled
            case .started: self = .started
            case .held: self = .held
            case .resumed: self = .resumed
            case .resolved: self = .resolved
            case .cancelled: self = .cancelled
            case .merged: self = .merged
            default: return nil
            }
        }
    }

    private struct Facts: Record {
        let number: String
        let title: String
        let email: String
        let name: String?
        let language: String

        init(row: Row) throws {
            number = try row["number"]
            title = try row["title"]
            email = try row["email"]
            name = try row["name"]
            language = try row["language"]
        }
    }

    func run(_ tx: Tx, _ tokens: VisitorTokens) async throws {
        let tenant = tx.facts.tenant
        let facts = try await tx.first(
            """
            select f.number, f.title, v.email, v.name, v.language
              from app.fault_visitor v join app.fault f on f.tenant_id = v.tenant_id and f.id = v.id
             where v.tenant_id = \(tenant) and v.id = \(fault) and v.email is not null and v.stopped_at is null
            """, Facts.self)
        guard let facts else { return }
        let token = tokens.link(fault, tenant)
        var words = ["number": facts.number, "title": facts.title, "what": what.rawValue]
        words["name"] = facts.name
        words["stop"] = ("/unsubscribe/reports/\(token)" as WebPath).string
        let letter = Letter(
            what == .received ? .visitorReceived : .visitorNews, path: "/s/\(token)", facts: words,
            dedupeKey: "visitor:\(fault.text):\(what.rawValue):\(occasion.text)")
        try await tx.mail(to: facts.email, letter, language: Language(rawValue: facts.language))
    }
}
