/// How much a form may say. Sizes in bytes.
public struct FormLimits: Sendable {
    /// The whole body, with all its files.
    public var total = 105 << 20
    public var json = 15 << 20
    public var urlencoded = 2 << 20
    /// Two thousand ticked rows of each of three kinds, and what shall be done with them.
    public var fields = 6_100
    /// Of an address.
    public var queryFields = 1_100
    public var key = 256
    /// Levels in a name: `a.b` and `a[b]` have two.
    public var keyDepth = 64
    public var field = 1 << 20
    /// How many files, and the size of each.
    public var files = 10
    public var file = 10 << 20
    /// Files up to this size stay in memory; larger ones go to the disk as they arrive.
    public var memory = 64 << 10
    /// Fields and files.
    public var parts = 6_100
    public var partHeaders = 8 << 10
    public var boundary = 70
    public var jsonDepth = 64
    /// Values in one JSON text, names not counted.
    public var jsonValues = 100_000

    public init() {}
}
