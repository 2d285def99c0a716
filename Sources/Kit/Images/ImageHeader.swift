/// What the first bytes of an image say, read here before any decoder sees it.
struct ImageHeader {
    enum Kind: Equatable {
        case jpeg, png, webp, heif
    }

    let kind: Kind
    /// Nil where only the decoder's own header reading tells (HEIC).
    let size: (width: Int, height: Int)?

    /// False when the file was cut off while it was sent: decoders would paint the rest grey. For WebP and HEIC the decoder
    /// tells.
    let isWhole: Bool

    init(_ bytes: [UInt8]) throws(PhotoError) {
        let reader = ByteReader(bytes)
        if reader.matches([0xFF, 0xD8, 0xFF]) {
            kind = .jpeg
            let frame = try reader.jpegFrame()
            size = (frame.width, frame.height)
            isWhole = reader.endsJPEG(after: frame.place)
        } else if reader.matches([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            kind = .png
            size = try reader.pngSize()
            isWhole = reader.endsPNG()
        } else if reader.matches(Array("RIFF".utf8)), reader.matches(Array("WEBP".utf8), at: 8) {
            kind = .webp
            size = try reader.webpSize()
            isWhole = true
        } else if reader.matches(Array("ftyp".utf8), at: 4), reader.isHEIF() {
            kind = .heif
            size = nil
            isWhole = true
        } else {
            throw .notAnImage
        }
    }

    /// - Throws: ``PhotoError/tooLarge``, or damaged when there is nothing to see.
    func check(_ limits: PhotoLimits) throws(PhotoError) {
        guard let size else { return }
        try Self.check(size.width, size.height, limits)
        guard isWhole else { throw .damaged }
    }

    static func check(_ width: Int, _ height: Int, _ limits: PhotoLimits) throws(PhotoError) {
        guard width > 0, height > 0 else { throw .damaged }
        guard width <= limits.side, height <= limits.side, width * height <= limits.pixels else { throw .tooLarge }
    }
}

private struct ByteReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func matches(_ pattern: [UInt8], at place: Int = 0) -> Bool {
        bytes.count >= place + pattern.count && bytes[place...].starts(with: pattern)
    }

    /// ISO/IEC 23008-12: the brands of HEVC still images. AVIF and sequences are not photos of phones.
    func isHEIF() -> Bool {
        guard let length = number(at: 0, bytes: 4), length >= 16, length <= 256, length <= bytes.count else { return false }
        let brands: Set<[UInt8]> = Set(["heic", "heix", "heim", "heis", "mif1"].map { Array($0.utf8) })
        return brands.contains(Array(bytes[8..<12]))
    }

    /// PNG, 11.2.2: IHDR comes first. A colour profile of more than a megabyte describes no colours.
    func pngSize() throws(PhotoError) -> (Int, Int) {
        guard matches(Array("IHDR".utf8), at: 12), let width = number(at: 16, bytes: 4), let height = number(at: 20, bytes: 4)
        else {
            throw .damaged
        }
        var place = 8
        while let length = number(at: place, bytes: 4), place + 8 <= bytes.count, !matches(Array("IDAT".utf8), at: place + 4) {
            if matches(Array("iCCP".utf8), at: place + 4), length > 1 << 20 { throw .damaged }
            place += 12 + length
        }
        return (width, height)
    }

    /// Whether the chunk that ends a PNG is there.
    func endsPNG() -> Bool {
        var place = 8
        while let length = number(at: place, bytes: 4), place + 12 + length <= bytes.count {
            if matches(Array("IEND".utf8), at: place + 4) { return true }
            place += 12 + length
        }
        return false
    }

    /// Whether an end-of-image marker follows the frame's; one before it belongs to the thumbnail in the metadata.
    func endsJPEG(after place: Int) -> Bool {
        var rest = bytes[place...]
        while let mark = rest.lastIndex(of: 0xD9), mark > place {
            if bytes[mark - 1] == 0xFF { return true }
            rest = bytes[place..<mark]
        }
        return false
    }

    /// JPEG, B.2.2: the size stands in the start-of-frame marker, after segments of any number.
    func jpegFrame() throws(PhotoError) -> (width: Int, height: Int, place: Int) {
        var place = 2
        while place + 4 <= bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            if marker == 0xFF {
                place += 1
                continue
            }
            let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
            if isFrame, let height = number(at: place + 5, bytes: 2), let width = number(at: place + 7, bytes: 2) {
                return (width, height, place)
            }
            if marker == 0x01 || (0xD0...0xD8).contains(marker) {
                place += 2
                continue
            }
            guard marker != 0xD9, marker != 0xDA, let length = number(at: place + 2, bytes: 2), length >= 2 else { break }
            place += 2 + length
        }
        throw .damaged
    }

    /// WebP container specification: VP8X has the canvas; else the first frame's own header.
    func webpSize() throws(PhotoError) -> (Int, Int) {
        if matches(Array("VP8X".utf8), at: 12), let width = little(at: 24, bytes: 3), let height = little(at: 27, bytes: 3) {
            return (width + 1, height + 1)
        }
        if matches(Array("VP8L".utf8), at: 12), let bits = little(at: 21, bytes: 4) {
            return (bits & 0x3FFF + 1, (bits >> 14) & 0x3FFF + 1)
        }
        if matches(Array("VP8 ".utf8), at: 12), let width = little(at: 26, bytes: 2), let height = little(at: 28, bytes: 2) {
            return (width & 0x3FFF, height & 0x3FFF)
        }
        throw .damaged
    }

    /// Big-endian, at most four bytes.
    private func number(at place: Int, bytes count: Int) -> Int? {
        guard place >= 0, place <= bytes.count - count else { return nil }
        return bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }

    private func little(at place: Int, bytes count: Int) -> Int? {
        guard place >= 0, place <= bytes.count - count else { return nil }
        return bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
