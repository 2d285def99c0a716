/// A right that a role in `tenant.yaml` may grant, such as `faults:assign`. Each area declares its own as static members.
public struct Permission: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    /// A wider right that holds this one: who may see all may see what is their own.
    public let wider: String?

    public init(_ name: String, within wider: String? = nil) {
        self.name = name
        self.wider = wider
    }

    public var description: String { name }
}
