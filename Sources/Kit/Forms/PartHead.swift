/// What the headers of one part say.
struct PartHead: Equatable {
    let name: String
    /// Nil for a plain field. Empty when a file field was left empty.
    let filename: String?
    let contentType: String

    init(_ bytes: [UInt8]) throws(BodyError) {
        let text = try checkedText(bytes)
        var disposition: HeaderParameters?
        var type = ""
        for line in text.split(separator: "\r\n", omittingEmptySubsequences: true) {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, !line.hasPrefix(" "), !line.hasPrefix("\t")
            else {
                throw .malformed("A part has a broken header line.")
            }
            let value = line[line.index(after: colon)...]
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard disposition == nil, let read = HeaderParameters(value), read.value == "form-data" else {
                    throw .malformed("A part has a broken Content-Disposition.")
                }
                disposition = read
            case "content-type":
                type = HeaderParameters(value)?.value ?? ""
            case "content-transfer-encoding":
                guard let encoding = HeaderParameters(value)?.value, ["7bit", "8bit", "binary"].contains(encoding) else {
                    throw .unsupported("A part has a transfer encoding, which forms do not use.")
                }
            default: break
            }
        }
        guard let disposition, let name = disposition.parameters["name"] else { throw .malformed("A part has no name.") }
        self.name = Self.unescaped(name)
        filename = disposition.extended("filename").map(Self.unescaped)
        contentType = type
    }

    /// Browsers write quote, CR and LF in these names as %22, %0D and %0A, and nothing else (HTML standard, 4.10.21.8).
    private static func unescaped(_ text: String) -> String {
        guard text.contains("%") else { return text }
        return text.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }
}
