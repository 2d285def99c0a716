/// Something in a tenant's folder that is not right: where it stands, what it is, and what would be.
///
/// `description` is one line: `tenants/x/tenant.yaml:12:5: roles.manager.permissions: "fault:see" is not known – did you mean
/// "faults:see"? Allowed: …`. Values of the file are shortened and escaped in it, so it is safe for logs and terminals.
public struct TenantProblem: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// Folder name of the tenant; empty when the problem is with the folder of all tenants.
    public internal(set) var tenant: String
    /// Path as it was given to the loader.
    public let file: String
    public let line: Int
    public let column: Int
    /// Keys from the root joined by dots, list items by number from 1; empty for the file as a whole.
    public let keyPath: String
    public let message: String
    /// The near miss, when one allowed word is close to what stands there.
    public let suggestion: String?
    /// Every word that would be right, when the list is closed.
    public let allowed: [String]

    init(
        tenant: String = "", file: String, position: Position = .start, path: [String] = [], message: String,
        suggestion: String? = nil, allowed: [String] = []
    ) {
        self.tenant = tenant
        self.file = file
        self.line = position.line
        self.column = position.column
        self.keyPath = path.map(printable).joined(separator: ".")
        self.message = message
        self.suggestion = suggestion
        self.allowed = allowed
    }

    public var description: String { "\(file):\(line):\(column): \(sentence)" }

    /// Without the place: what it is, and what would be right.
    public var sentence: String {
        var text = keyPath.isEmpty ? "" : keyPath + ": "
        text += message
        if let suggestion { text += " – did you mean \"\(suggestion)\"?" }
        if allowed.isEmpty { return text }
        text += (suggestion == nil ? ". " : " ") + "Allowed: " + allowed.prefix(60).joined(separator: ", ")
        if allowed.count > 60 { text += " and \(allowed.count - 60) more" }
        return text
    }
}
