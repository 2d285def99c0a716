/// A form that is not there: notes what a reader asks for and answers with something harmless (``FormReader/shapes(_:)``).
final class Probe {
    let pretence: Pretence
    private(set) var fields: [FieldShape] = []
    /// Names whose presence was asked for.
    private(set) var asked: [String] = []

    init(_ pretence: Pretence) {
        self.pretence = pretence
    }

    func note(_ name: String, _ kind: FieldShape.Kind, required: Bool = false, count: ClosedRange<Int>? = nil) {
        let field = FieldShape(name, kind, required: required, count: count)
        guard let place = fields.firstIndex(where: { $0.name == name }) else { return fields.append(field) }
        if !fields[place].kinds.contains(kind) { fields[place].kinds.append(kind) }
        fields[place].isRequired = fields[place].isRequired || required
    }

    func isGiven(_ name: String) -> Bool {
        asked.append(name)
        return pretence.given(name)
    }

    /// What stands in optional fields; nil when nothing does.
    var text: String? { pretence.text.map { String(repeating: "x", count: $0) } }
    var isFilled: Bool { pretence.text != nil }
}

/// What a probe pretends to be: which fields are given, whether optional ones are filled, and with how much text.
struct Pretence {
    var given: (String) -> Bool
    var text: Int?
    var chosen: (name: String, value: String)?
}
