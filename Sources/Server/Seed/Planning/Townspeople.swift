import Foundation

/// Makes people with names and addresses that nobody else in the company has.
struct Townspeople {
    let company: DemoCompany
    let span: DemoSpan
    var dice: Dice
    private var count = 0
    private var emails = Set<String>()
    private var names = Set<String>()

    init(company: DemoCompany, span: DemoSpan) {
        self.company = company
        self.span = span
        dice = Dice(company.slug, "people")
    }

    mutating func worker(_ role: String) -> DemoRecords.Member {
        member(role, name(family: nil), domain: company.mailDomain, at: span.founded)
    }

    /// Somebody of the houses; `family` is the full name of the one they live with, whose family name most share.
    mutating func neighbour(_ role: String, since: Date?, family: String? = nil) -> DemoRecords.Member {
        let shared = dice.chance(0.7) ? family?.split(separator: " ").last.map(String.init) : nil
        let at = since ?? span.founded.addingTimeInterval(dice.between(1, 20) * 86_400)
        return member(role, name(family: shared), domain: "mail.example", at: at)
    }

    private mutating func member(_ role: String, _ name: String, domain: String, at: Date) -> DemoRecords.Member {
        count += 1
        return DemoRecords.Member(
            id: .demo(at: at, order: count, "\(company.slug)/member/\(count)"), email: email(name, domain), name: name,
            roles: [role],
            createdAt: at)
    }

    private mutating func name(family: String?) -> String {
        let words = company.words
        for _ in 0..<200 {
            let name = "\(dice.pick(words.givenNames)) \(family ?? dice.pick(words.familyNames))"
            if names.insert(name).inserted { return name }
        }
        return "\(dice.pick(words.givenNames)) \(dice.pick(words.familyNames))-\(dice.pick(words.familyNames))"
    }

    private mutating func email(_ name: String, _ domain: String) -> String {
        let folded = name.lowercased().map { Self.plain[$0] ?? ($0 == " " ? "." : String($0)) }.joined()
        var email = "\(folded)@\(domain)"
        var suffix = 2
        while !emails.insert(email).inserted {
            email = "\(folded)\(suffix)@\(domain)"
            suffix += 1
        }
        return email
    }

    private static let plain: [Character: String] = ["ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"]
}
