import Foundation

/// What may lie on the shelf. The content decides what a file is, and its name has to agree: a program that calls itself a letter is
/// neither. Archives, programs and office documents with macros are not taken.
package enum FileKind: String, CaseIterable, Sendable {
    case picture, pdf, docx, xlsx, pptx, odt, ods, odp, text

    /// Endings that its name may have, the usual one first.
    var endings: [String] {
        switch self {
        case .picture: ["jpg", "jpeg", "png", "webp", "heic", "heif"]
        case .text: ["txt", "md", "csv"]
        default: [rawValue]
        }
    }

    /// Media type. Pictures are kept as JPEG.
    var type: String {
        switch self {
        case .picture: "image/jpeg"
        case .pdf: "application/pdf"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        case .odt: "application/vnd.oasis.opendocument.text"
        case .ods: "application/vnd.oasis.opendocument.spreadsheet"
        case .odp: "application/vnd.oasis.opendocument.presentation"
        case .text: "text/plain; charset=utf-8"
        }
    }

    static func of(type: String) -> FileKind? { allCases.first { $0.type == type } }

    /// What a browser offers to choose.
    package static let accept = allCases.flatMap(\.endings).map { ".\($0)" }.joined(separator: ",")

    /// - Returns: nil for what is not taken.
    init?(_ bytes: [UInt8]) {
        let head = bytes.prefix(16)
        func begins(_ pattern: [UInt8], at place: Int = 0) -> Bool { head.dropFirst(place).starts(with: pattern) }
        if begins([0xFF, 0xD8, 0xFF]) || begins([0x89, 0x50, 0x4E, 0x47]) || begins(Array("ftyp".utf8), at: 4)
            || (begins(Array("RIFF".utf8)) && begins(Array("WEBP".utf8), at: 8))
        {
            self = .picture
        } else if begins(Array("%PDF-".utf8)) {
            self = .pdf
        } else if begins([0x50, 0x4B, 0x03, 0x04]) {
            guard let kind = FileKind.office(bytes) else { return nil }
            self = kind
        } else if FileKind.isText(bytes) {
            self = .text
        } else {
            return nil
        }
    }

    /// Office documents are archives whose entries say what they are (ECMA-376, part 2; ODF 1.3, part 2, 3.3); entries of macros rule
    /// a document out.
    private static func office(_ bytes: [UInt8]) -> FileKind? {
        let data = Data(bytes)
        func has(_ name: String) -> Bool { data.range(of: Data(name.utf8)) != nil }
        guard !has("vbaProject.bin"), !has("Basic/script-lc.xml") else { return nil }
        if has("[Content_Types].xml") {
            if has("word/document.xml") { return .docx }
            if has("xl/workbook.xml") { return .xlsx }
            return has("ppt/presentation.xml") ? .pptx : nil
        }
        // The first entry is called `mimetype` and stands there as it is.
        let declared = String(decoding: bytes.dropFirst(30).prefix(80), as: UTF8.self)
        return [FileKind.odt, .ods, .odp].first { kind in
            guard declared.hasPrefix("mimetype\(kind.type)") else { return false }
            // "…opendocument.text" also begins "…opendocument.text-template".
            return declared.dropFirst("mimetype\(kind.type)".count).first != "-"
        }
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D && $0 != 0x0C }) else { return false }
        return String(validating: bytes, as: UTF8.self) != nil
    }
}
