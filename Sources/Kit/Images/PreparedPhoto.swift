/// A photo as Portico keeps it: two JPEGs in sRGB, upright, without a word about where and with what it was taken.
public struct PreparedPhoto: Sendable, Equatable {
    public let full: Picture
    public let thumb: Picture

    public struct Picture: Sendable, Equatable {
        public let bytes: [UInt8]
        public let width: Int
        public let height: Int
    }

    public static let contentType = "image/jpeg"
}

/// Why a photo was not taken.
public enum PhotoError: Error, Equatable, Sendable {
    /// The content is no JPEG, PNG, WebP or HEIC, whatever its name says (415).
    case notAnImage
    /// More pixels than the limits allow, or it needs more memory or time than a photo does (413).
    case tooLarge
    /// It begins like an image and cannot be read to its end (422).
    case damaged
    /// The worker cannot be started: nobody's fault outside (503).
    case unavailable(String)
}

/// What is taken, and what becomes of it.
public struct PhotoLimits: Sendable, Equatable {
    public var bytes = 10 << 20
    public var pixels = 50_000_000
    /// Pixels along either side.
    public var side = 12_000
    /// Longer side of the kept picture and of its thumbnail, in pixels; smaller ones are not enlarged.
    public var fullEdge = 2000
    public var thumbEdge = 400
    /// JPEG quality of both.
    public var quality = 82

    public init() {}
}
