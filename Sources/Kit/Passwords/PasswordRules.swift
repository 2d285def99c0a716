/// Which passwords are taken: 12 to 128 characters of any kind, not easily guessed, without the person's own words. Nothing
/// asks for digits or capitals: those rules make `Password1234!`, which is refused here.
public struct PasswordRules: Sendable {
    public enum Problem: Error, Equatable, Sendable {
        case tooShort(min: Int)
        case tooLong(max: Int)
        /// Guessed early by those who try: common words, rows of keys, years, repetitions.
        case common
        /// Has the person's name, address or company in it.
        case ownWords
    }

    public var length: ClosedRange<Int>
    /// Bits that a guesser who knows people's habits has to try; see ``Guessing``.
    public var bits: Double

    public init(length: ClosedRange<Int> = 12...128, bits: Double = 40) {
        self.length = length
        self.bits = bits
    }

    /// - Parameter own: name, mail address, company, as they are; their parts of four characters and more count.
    public func problem(of password: String, own: [String] = []) -> Problem? {
        let count = password.unicodeScalars.count
        guard count >= length.lowerBound else { return .tooShort(min: length.lowerBound) }
        guard count <= length.upperBound else { return .tooLong(max: length.upperBound) }
        let folded = Self.folded(password)
        let words = own.flatMap { Self.folded($0).split { !$0.isLetter && !$0.isNumber } }.filter { $0.count >= 4 }
        if words.contains(where: { folded.contains($0) }) { return .ownWords }
        return Guessing.bits(of: folded, written: password) < bits ? .common : nil
    }

    /// Small letters, umlauts as people write them in addresses.
    private static func folded(_ text: String) -> String {
        text.lowercased().replacing("ä", with: "ae").replacing("ö", with: "oe").replacing("ü", with: "ue").replacing(
            "ß", with: "ss")
    }
}
