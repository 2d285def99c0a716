import Foundation

/// File names of strangers, made harmless to show: no folders, no control characters, nothing that reverses the reading
/// direction (`gpj.exe` shown as `exe.jpg`), no leading dots, at most 120 characters with the extension kept.
enum FileName {
    static func sanitised(_ raw: String) -> String {
        let last = raw.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let kept = last.precomposedStringWithCanonicalMapping.unicodeScalars.filter(isHarmless)
        let name = String(String.UnicodeScalarView(kept)).drop { $0 == "." || $0 == " " || $0 == "-" }
        return name.isEmpty ? "file" : shortened(String(name))
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: !"\"<>:|?*".unicodeScalars.contains(scalar)
        }
    }

    private static func shortened(_ name: String) -> String {
        let limit = 120
        let scalars = Array(name.unicodeScalars)
        guard scalars.count > limit else { return name }
        let dot = scalars.lastIndex(of: ".") ?? scalars.count
        let ending = scalars.count - dot <= 10 ? scalars[dot...] : []
        return String(String.UnicodeScalarView(scalars[..<(limit - ending.count)] + ending))
    }
}
