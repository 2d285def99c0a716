/// A statement that this connection's backend has prepared, or is about to.
final class Statement {
    let name: String
    let types: [UInt32]
    let text: String
    /// Known after the first answer.
    var columns: Columns?
    /// Asked for, not yet confirmed: another flight may not rely on it.
    var isPending = true
    fileprivate(set) var usedAt: UInt64 = 0
    /// The same text with other bind types.
    fileprivate var other: Statement?

    fileprivate init(name: String, text: String, types: [UInt32]) {
        self.name = name
        self.text = text
        self.types = types
    }
}

/// The prepared statements of one connection, by text and bind types; the least recently used ones give way.
struct Statements {
    static let most = 512
    private var byText: [String: Statement] = [:]
    private var count = 0
    private var made = 0
    private var uses: UInt64 = 0

    mutating func find(_ sql: SQL) -> Statement? {
        var candidate = byText[sql.text]
        while let statement = candidate {
            if matches(statement, sql) {
                uses &+= 1
                statement.usedAt = uses
                return statement
            }
            candidate = statement.other
        }
        return nil
    }

    mutating func add(_ sql: SQL) -> Statement {
        made += 1
        uses &+= 1
        let statement = Statement(name: "s\(made)", text: sql.text, types: sql.binds.slots.map(\.type))
        statement.usedAt = uses
        statement.other = byText[sql.text]
        byText[sql.text] = statement
        count += 1
        return statement
    }

    mutating func remove(_ statement: Statement) {
        var chain: [Statement] = []
        var candidate = byText[statement.text]
        while let next = candidate {
            if next !== statement { chain.append(next) } else { count -= 1 }
            candidate = next.other
        }
        var rest: Statement?
        for kept in chain.reversed() {
            kept.other = rest
            rest = kept
        }
        byText[statement.text] = rest
    }

    /// Statements beyond the limit, a tenth of them at once so that it does not happen with every call; they are forgotten here
    /// and their names have to be deallocated.
    mutating func evict() -> [Statement] {
        guard count > Self.most else { return [] }
        var all: [Statement] = []
        for var candidate in byText.values.map({ Optional($0) }) {
            while let statement = candidate {
                if !statement.isPending { all.append(statement) }
                candidate = statement.other
            }
        }
        let oldest = all.sorted { $0.usedAt < $1.usedAt }.prefix(Self.most / 10)
        for statement in oldest { remove(statement) }
        return Array(oldest)
    }

    private func matches(_ statement: Statement, _ sql: SQL) -> Bool {
        let slots = sql.binds.slots
        guard slots.count == statement.types.count else { return false }
        for index in slots.indices where slots[index].type != statement.types[index] { return false }
        return true
    }
}
