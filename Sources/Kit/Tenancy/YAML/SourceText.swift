/// The bytes of a configuration file as text, or the first reason why not.
///
/// A byte-order mark, CR line ends and characters that nobody sees are refused although YAML would read some of them: a file
/// then has one form, its line numbers are the same in every editor and in our errors, and what a reviewer sees is what is
/// read (Unicode's bidirectional controls can hide a value, see CVE-2021-42574).
enum SourceText {
    /// 256 KiB; real files have 5 to 20.
    static let maximumBytes = 256 * 1024

    static func read(_ bytes: [UInt8], file: String) throws(TenantProblem) -> String {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw TenantProblem(
                file: file, position: .start, message: "starts with a byte-order mark: save the file as UTF-8 without BOM")
        }
        let isTooLarge = bytes.count > maximumBytes
        var text = ""
        var place = Position.start
        var codec = UTF8()
        var iterator = bytes.prefix(maximumBytes).makeIterator()
        decoding: while true {
            switch codec.decode(&iterator) {
            case .emptyInput: break decoding
            case .error where isTooLarge: break decoding  // the limit may cut a character in two
            case .error: throw TenantProblem(file: file, position: place, message: "is not UTF-8 here: save the file as UTF-8")
            case .scalarValue(let scalar):
                if let refusal = refusal(scalar) { throw TenantProblem(file: file, position: place, message: refusal) }
                text.unicodeScalars.append(scalar)
                place = place.after(scalar)
            }
        }
        guard !isTooLarge else {
            throw TenantProblem(file: file, position: place, message: "the file is larger than \(maximumBytes / 1024) KiB")
        }
        return text
    }

    private static func refusal(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x0A, 0x20...0x7E: nil
        case 0x00: "contains a NUL byte"
        case 0x09: "contains a tab: indent with spaces"
        case 0x0D: "ends a line with CR: save the file with LF line ends (Unix)"
        case 0x85, 0x2028, 0x2029: "contains an invisible line separator (\(codePoint(scalar)))"
        case 0x00...0x1F, 0x7F...0x9F: "contains a control character (\(codePoint(scalar)))"
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: "contains an invisible direction mark (\(codePoint(scalar)))"
        case 0xFEFF, 0xFFFE, 0xFFFF: "contains an invisible character (\(codePoint(scalar)))"
        default: nil
        }
    }
}
