/// What one hash costs.
public struct PasswordCost: Sendable, Equatable {
    /// KiB.
    public var memory: UInt32
    public var passes: UInt32
    public var lanes: UInt32

    public init(memory: UInt32 = 64 << 10, passes: UInt32 = 3, lanes: UInt32 = 1) {
        self.memory = memory
        self.passes = passes
        self.lanes = lanes
    }

    /// From `$argon2id$v=19$m=65536,t=3,p=1$salt$hash`; nil for anything else.
    init?(reading stored: String) {
        let pieces = stored.split(separator: "$", omittingEmptySubsequences: true)
        guard pieces.count == 5, pieces[0] == "argon2id", pieces[1] == "v=19" else { return nil }
        let numbers = pieces[2].split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
        guard numbers.count == 3, numbers.allSatisfy({ $0.count == 2 }), numbers.map({ $0[0] }) == ["m", "t", "p"],
            let memory = UInt32(numbers[0][1]), let passes = UInt32(numbers[1][1]), let lanes = UInt32(numbers[2][1])
        else { return nil }
        self.init(memory: memory, passes: passes, lanes: lanes)
    }

    /// A stored hash cannot make this process allocate gigabytes, whoever wrote it.
    var isBearable: Bool { memory <= 256 << 10 && passes <= 10 && lanes <= 4 }
}
