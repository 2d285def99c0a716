/// One pass over one file: what was found wrong so far, where the reader stands, and what the rest of the file says that a
/// value may refer to.
struct Reading {
    static let maximumProblems = 100

    let file: String
    let vocabulary: Vocabulary
    /// The tenant's own locales and role keys, collected before anything is decoded.
    let locales: [String]
    let roles: [String]
    private(set) var problems: [TenantProblem] = []
    private var path: [String] = []

    init(file: String, vocabulary: Vocabulary, root: YAMLNode) {
        self.file = file
        self.vocabulary = vocabulary
        roles = root["roles"]?.entries.map(\.key) ?? []
        var locales: [String] = []
        if case .list(let items)? = root["locales"]?.content {
            for case .scalar(let code, _) in items.map(\.content) where vocabulary.languages.contains(code) {
                locales.append(code)
            }
        }
        self.locales = locales
    }

    mutating func refuse(_ message: String, at position: Position) {
        add(TenantProblem(file: file, position: position, path: path, message: message))
    }

    /// Notes that a word is not one of a closed list, with the near miss.
    mutating func refuse(_ word: String, notIn allowed: [String], _ verdict: String = "is not known", at position: Position) {
        guard problems.count < Self.maximumProblems else { return }  // looking for near misses in 20,000 wrong keys takes seconds
        add(
            TenantProblem(
                file: file, position: position, path: path, message: "\(quoted(word)) \(verdict)",
                suggestion: suggestion(for: word, among: allowed), allowed: allowed))
    }

    /// Reads deeper: problems noted by `read` carry `key` in their path.
    mutating func at<Value>(_ key: String, _ read: (inout Reading) -> Value) -> Value {
        path.append(key)
        defer { path.removeLast() }
        return read(&self)
    }

    mutating func note(_ problem: TenantProblem) { add(problem) }

    private mutating func add(_ problem: TenantProblem) {
        if problems.count < Self.maximumProblems { problems.append(problem) }
    }
}
