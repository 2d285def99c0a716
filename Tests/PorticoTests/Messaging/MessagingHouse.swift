import Database
import Foundation
import HTTPTypes
import Jobs
import Testing

@testable import Messaging
@testable import portico

/// A manager who answers, two residents of one house, and what they write to each other.
struct MessagingHouse {
    let company: TestCompany
    let home: TestHome
    let manager: TestMember
    let anna: TestMember
    let ben: TestMember

    /// - Parameter neighbours: whether those of one building may write to each other.
    static func fresh(neighbours: Bool = true) async throws -> MessagingHouse {
        let company = try await TestCompany.fresh {
            $0.replacing("messaging: {neighbours: true}", with: "messaging: {neighbours: \(neighbours)}")
        }
        let home = try await company.home()
        let (anna, ben) = (
            try await company.member("resident", name: "Anna Kern"), try await company.member("resident", name: "Ben Roth")
        )
        try await company.moveIn(anna, home)
        try await company.moveIn(ben, home)
        return MessagingHouse(
            company: company, home: home, manager: try await company.member("manager", name: "Maria Sommer"), anna: anna, ben: ben
        )
    }

    /// Between Anna and the manager, unless others are named.
    func talk(_ people: [TestMember]? = nil, subject: String = "", _ first: String? = nil) async throws -> String {
        let answer = try await anna.converse(people ?? [manager], subject: subject, first)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json?["conversationId"] as? String)
    }

    var tenant: Int32 { company.tenant.id }

    /// What the recurring job does at that time.
    func tellOfUnread(after minutes: Double) async throws {
        let later = Date().addingTimeInterval(minutes * 60)
        let job = TellOfUnread(due: later)
        let settings = company.tenant[MessagingSettings.section]
        _ = try await company.app.workerDatabase.tenant(TxFacts(tenant: tenant, requestID: "test", now: later)).write { tx in
            try await job.run(tx, settings)
        }
    }

    func notices(_ member: TestMember, _ kind: String) async throws -> [String] {
        try await company.walled.read(
            Query.values(
                """
                select path from app.notification where tenant_id = \(tenant) and member_id = \(member.id) and kind = \(kind) order by id
                """, String.self))
    }

    /// As if it had been sent so long ago.
    func age(_ message: String, minutes: Double) async throws {
        let id = UUID(uuidString: message)
        try await company.run(
            """
            update app.message set sent_at = sent_at - make_interval(mins => \(Int32(clamping: Int(minutes))))
             where tenant_id = \(tenant) and id = \(id)
            """)
    }
}

extension TestMember {
    func converse(_ people: [TestMember], subject: String = "", _ first: String? = nil) async throws -> TestAnswer {
        let ids = people.map { "\"\($0.id.text)\"" }.joined(separator: ",")
        let content = first.map { ",\"content\":\"\($0)\"" } ?? ""
        return try await api(.post, "/conversations", "{\"participantIds\":[\(ids)],\"subject\":\"\(subject)\"\(content)}")
    }

    @discardableResult
    func say(_ text: String, in conversation: String, key: String? = nil) async throws -> TestAnswer {
        let client = key.map { ",\"clientId\":\"\($0)\"" } ?? ""
        return try await api(.post, "/conversations/\(conversation)/messages", "{\"content\":\"\(text)\"\(client)}")
    }

    /// The texts of a conversation, oldest first.
    func texts(_ conversation: String, _ query: String = "limit=100") async throws -> [String] {
        let answer = try await api(.get, "/conversations/\(conversation)/messages?\(query)")
        try #require(answer.status == 200, "\(answer.text)")
        return (answer.json?["items"] as? [[String: Any]] ?? []).compactMap { $0["content"] as? String }
    }

    /// Whether the navigation says that something is unread.
    func isCalled() async throws -> Bool {
        let items = try await get("/dashboard").text.split(separator: "</li>")
        let item = try #require(items.first { $0.contains("id=\"nav-conversations\"") })
        return item.contains("<span class=\"count\">")
    }

    func unread(_ conversation: String) async throws -> Int? {
        let items = try await api(.get, "/conversations").json?["items"] as? [[String: Any]] ?? []
        return items.first { ($0["conversation"] as? [String: Any])?["conversationId"] as? String == conversation }?["unread"]
            as? Int
    }
}

extension TestAnswer {
    var messageID: String { json?["messageId"] as? String ?? "" }
    var seq: Int? { json?["seq"] as? Int }
}
