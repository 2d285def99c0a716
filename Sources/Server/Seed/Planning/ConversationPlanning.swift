import Foundation

extension DemoRecords {
    struct Conversation: Sendable {
        let id: UUID
        let script: DemoConversation
        let unit: Int?
        let fault: Int?
        /// By role; the first one began it.
        let people: [(role: String, member: Int)]
        let messages: [Said]
    }

    struct Said: Sendable {
        let id: UUID
        let author: Int
        let line: DemoConversation.Line
        let at: Date
    }

    /// Who signs in for a role talks with who signs in for another.
    mutating func addConversations(_ company: DemoCompany, _ span: DemoSpan) {
        for (number, script) in DemoConversation.all(company.words.talk.language).enumerated() {
            var dice = Dice(company.slug, "conversation", String(number))
            let roles = script.roles.filter { faces[$0] != nil }
            let people = roles.compactMap { role in faces[role].map { (role: role, member: $0) } }
            guard people.count == Set(people.map(\.member)).count, people.count > 1 else { continue }
            let name = "\(company.slug)/conversation/\(number)"
            var at = span.daysAgo(script.daysAgo)
            let begun = at
            var messages: [Said] = []
            for (index, line) in script.lines.enumerated() {
                guard let author = faces[line.role] else { continue }
                at = at.addingTimeInterval(dice.between(40, 1_500).rounded())
                messages.append(Said(id: .demo(at: at, order: index, "\(name)/\(index)"), author: author, line: line, at: at))
            }
            conversations.append(
                Conversation(
                    id: .demo(at: begun, order: number, name), script: script, unit: script.about == .unit ? ownedUnit : nil,
                    fault: script.about == .fault ? ownFault : nil, people: people, messages: messages))
        }
    }

    private var ownedUnit: Int? {
        faces["owner"].flatMap { owner in occupancies.first { $0.member == owner && $0.kind == "owner" && $0.until == nil }?.unit
        }
    }

    /// The newest fault of whoever signs in as a resident.
    private var ownFault: Int? {
        faces["resident"].flatMap { resident in faults.lastIndex { $0.report.reporter == resident } }
    }
}
