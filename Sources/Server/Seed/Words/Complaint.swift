import Faults

/// Something that people report, in one language, with how it ends.
///
/// `[a|b|c]` in a text stands for one of the words; brackets with as many words take the same one, so that title, description
/// and resolution agree.
struct Complaint: Sendable {
    enum Place: Sendable { case home, common }

    let place: Place
    let title: String
    let text: String
    let fix: String
    /// What a manager makes of it when that is not what its category starts with.
    let priority: FaultPriority?
    let picture: Picture?
    /// Names a danger, which makes it urgent from the start.
    var isDanger = false

    /// In somebody's flat.
    static func home(
        _ title: String, _ text: String, fix: String, _ picture: Picture? = nil, _ priority: FaultPriority? = nil
    ) -> Complaint {
        Complaint(place: .home, title: title, text: text, fix: fix, priority: priority, picture: picture)
    }

    /// In a part of the building that all use.
    static func common(
        _ title: String, _ text: String, fix: String, _ picture: Picture? = nil, _ priority: FaultPriority? = nil
    ) -> Complaint {
        Complaint(place: .common, title: title, text: text, fix: fix, priority: priority, picture: picture)
    }

    /// A danger for the whole building, named with a word that the server takes for one.
    static func danger(_ title: String, _ text: String, fix: String, _ picture: Picture) -> Complaint {
        Complaint(place: .common, title: title, text: text, fix: fix, priority: .urgent, picture: picture, isDanger: true)
    }
}

/// Chooses the words in brackets; the same `choice` chooses alike in every text.
func spoken(_ text: String, choice: Int) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
        let words = rest[rest.index(after: open)..<close].split(separator: "|", omittingEmptySubsequences: false)
        result += rest[..<open]
        if !words.isEmpty { result += words[choice % words.count] }
        rest = rest[rest.index(after: close)...]
    }
    return result + rest
}
