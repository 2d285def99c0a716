/// Reads an SVG picture strictly and writes it anew from what an allow-list knows.
///
/// Dangerous parts (scripts, foreign objects, event attributes, references to other files, document types) are refused with
/// their place, not removed: whoever made the file should know. What drawing programs leave behind (comments, metadata,
/// attributes of their own namespaces) is dropped.
enum SVG {
    static let maximumElements = 2_000
    static let maximumDepth = 32

    struct Refusal: Error {
        let message: String
        let position: Position
    }

    static func sanitised(_ bytes: [UInt8]) throws(Refusal) -> String {
        guard bytes.count <= Logo.maximumBytes else {
            throw Refusal(message: "the picture is larger than \(Logo.maximumBytes / 1024) KiB", position: .start)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(message: "the picture is not UTF-8", position: .start)
        }
        var tags = SVGTags(text)
        var writer = SVGWriter()
        while let tag = try tags.next() { try writer.add(tag) }
        return try writer.finish(at: tags.position)
    }
}
