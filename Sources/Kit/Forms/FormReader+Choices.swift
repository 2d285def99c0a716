import Foundation

extension FormReader {
    /// One of the type's values. Without `default` the field is required.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type = Choice.self, default preset: Choice
    ) -> Choice where Choice.RawValue == String {
        optionalChoice(name) ?? preset
    }

    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type = Choice.self
    ) -> Choice where Choice.RawValue == String {
        let first = Choice.allCases[Choice.allCases.startIndex]
        if let probe {
            probe.note(name, .choice(Choice.allCases.map(\.rawValue)), required: true)
            return probe.pretence.chosen.flatMap { $0.name == name ? Choice(rawValue: $0.value) : nil } ?? first
        }
        return required(name, or: first) { $0.optionalChoice(name) }
    }

    public mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        if let probe {
            probe.note(name, .choice(Choice.allCases.map(\.rawValue)))
            return probe.pretence.chosen.flatMap { $0.name == name ? Choice(rawValue: $0.value) : nil }
        }
        guard let text = one(name, .text), !text.isEmpty else { return nil }
        guard let choice = Choice(rawValue: text) else {
            fail(name, .notAllowed)
            return nil
        }
        return choice
    }

    /// One of a list that is known only now, such as a tenant's categories.
    public mutating func choice(_ name: String, among allowed: some Collection<String>) -> String {
        if let probe {
            probe.note(name, .listed, required: true)
            return ""
        }
        return required(name, or: "") { $0.optionalChoice(name, among: allowed) }
    }

    public mutating func optionalChoice(_ name: String, among allowed: some Collection<String>) -> String? {
        if let probe {
            probe.note(name, .listed)
            return nil
        }
        guard let text = one(name, .text), !text.isEmpty else { return nil }
        guard allowed.contains(text) else {
            fail(name, .notAllowed)
            return nil
        }
        return text
    }

    /// Several of the type's values, each once.
    public mutating func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ name: String, _ type: Choice.Type = Choice.self, min: Int = 0
    ) -> [Choice] where Choice.RawValue == String {
        if let probe {
            let most = Swift.max(min, Choice.allCases.count)
            probe.note(name, .choice(Choice.allCases.map(\.rawValue)), required: min > 0, count: min...most)
            return []
        }
        let given = many(name).filter { !$0.value.isEmpty }
        let chosen = given.compactMap { $0.kind == .text ? Choice(rawValue: $0.value) : nil }
        guard chosen.count == given.count else {
            fail(name, .notAllowed)
            return []
        }
        var seen: Set<Choice> = []
        let once = chosen.filter { seen.insert($0).inserted }
        return check(once.count, min: min, max: Choice.allCases.count, name) ? once : []
    }

    /// A checkbox: absent is false.
    public mutating func flag(_ name: String) -> Bool {
        if let probe {
            probe.note(name, .flag)
            return probe.isFilled
        }
        switch one(name, .text, .bool) {
        case nil, "", "false", "0", "off": return false
        case "true", "1", "on": return true
        default:
            fail(name, .notAllowed)
            return false
        }
    }

    /// An id; whose, and whether the caller may see it, the service finds out.
    public mutating func uuid(_ name: String) -> UUID {
        if let probe {
            probe.note(name, .uuid, required: true)
            return Self.nobody
        }
        return required(name, or: Self.nobody) { $0.optionalUUID(name) }
    }

    public mutating func optionalUUID(_ name: String) -> UUID? {
        if let probe {
            probe.note(name, .uuid)
            return probe.isFilled ? Self.nobody : nil
        }
        guard let text = one(name, .text), !text.isEmpty else { return nil }
        guard text.utf8.count == 36, let id = UUID(uuidString: text) else {
            fail(name, .invalidID)
            return nil
        }
        return id
    }

    /// Several ids, each once, in the order given.
    public mutating func uuids(_ name: String, min: Int = 0, max: Int) -> [UUID] {
        if let probe {
            probe.note(name, .uuid, required: min > 0, count: min...max)
            return []
        }
        let given = many(name).filter { !$0.value.isEmpty }
        guard check(given.count, min: min, max: max, name) else { return [] }
        let ids = given.compactMap { $0.value.utf8.count == 36 ? UUID(uuidString: $0.value) : nil }
        guard ids.count == given.count else {
            fail(name, .invalidID)
            return []
        }
        var seen: Set<UUID> = []
        return ids.filter { seen.insert($0).inserted }
    }

    private static let nobody = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
