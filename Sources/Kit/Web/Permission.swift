/// A right that a role in `tenant.yaml` may grant, such as `faults:assign`. Each area declares its own as static members.
public struct Permission: Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public init(_ name: String) {
        self.name = name
    }

    public var description: String { name }
}
