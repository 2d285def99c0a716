import CQREncode

/// A QR code as one path of an SVG: black squares, one unit each, without the quiet zone around it.
public struct QRCode: Sendable, Hashable {
    /// Squares along one side.
    public let width: Int
    /// For `<path d>`: the runs of black squares, row by row.
    public let path: String

    /// How much of the picture may be missing.
    public enum Correction: Sendable {
        /// A seventh: for a sheet of paper that is used up within days.
        case medium
        /// A quarter: for a sheet that hangs in a staircase for years.
        case quartile
    }

    /// - Returns: nil for text that is empty, holds a NUL or is longer than a code can be.
    public init?(_ text: String, correction: Correction = .medium) {
        guard !text.isEmpty, !text.utf8.contains(0), text.utf8.count <= 1_200 else { return nil }
        let level = correction == .medium ? QR_ECLEVEL_M : QR_ECLEVEL_Q
        guard let code = QRcode_encodeString(text, 0, level, QR_MODE_8, 1) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard width > 0, let data = code.pointee.data else { return nil }
        self.width = width
        path = Self.path(of: UnsafeBufferPointer(start: data, count: width * width), width: width)
    }

    /// One rectangle per run; the lowest bit of a square says whether it is black.
    private static func path(of squares: UnsafeBufferPointer<UInt8>, width: Int) -> String {
        var path = ""
        for y in 0..<width {
            var x = 0
            while x < width {
                let start = x
                while x < width, squares[y * width + x] & 1 == 1 { x += 1 }
                if x > start { path += "M\(start) \(y)h\(x - start)v1h-\(x - start)z" } else { x += 1 }
            }
        }
        return path
    }
}
