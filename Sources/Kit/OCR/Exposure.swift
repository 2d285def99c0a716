import CTesseract
import CVips

/// A photo made ready for reading: grey, of the size that letters are read best at, without grain.
struct Exposure {
    /// Longer side in pixels; small photos are enlarged up to twice.
    private static let edge = 1600
    /// Whether libvips has started; asking starts it.
    static let isReady = cvips_start() == 0
    private let grey: GreyPicture

    /// - Throws: unreadable when it is no JPEG, which is all that Portico keeps.
    init(_ bytes: [UInt8]) throws(ReadingError) {
        guard Self.isReady, bytes.starts(with: [0xFF, 0xD8, 0xFF]) else { throw .unreadable }
        defer { vips_error_clear() }
        let grey: Result<GreyPicture, ReadingError> = bytes.withUnsafeBytes { raw in
            Result { () throws(ReadingError) in
                let header = try GreyPicture { cvips_header(raw.baseAddress, raw.count, $0) }
                // What Portico keeps is never longer than 2,000 pixels.
                guard header.width <= 4000, header.height <= 4000 else { throw .unreadable }
                let edge = min(Self.edge, 2 * max(header.width, header.height))
                return try GreyPicture { cvips_grey(raw.baseAddress, raw.count, Int32(edge), $0) }.inMemory()
            }
        }
        self.grey = try grey.get()
    }

    /// - Parameters:
    ///   - light: letters that are lighter than what is around them, as on displays; else darker ones, as on paper.
    ///   - turn: to the right, in quarters.
    func letters(light: Bool, turn: Int) -> Letters? {
        Letters(grey, light: light, turn: turn)
    }
}

/// What may be letters on a photo, dark on white; released with this value.
final class Letters {
    let picture: UnsafeMutablePointer<Pix>

    /// Nil without memory.
    fileprivate init?(_ grey: GreyPicture, light: Bool, turn: Int) {
        guard let pixels = grey.pixels else { return nil }
        var whole = ctesseract_picture(pixels, Int32(grey.width), Int32(grey.height))
        defer { pixDestroy(&whole) }
        guard let letters = ctesseract_letters(whole, light ? 1 : 0, Int32(turn)) else { return nil }
        picture = letters
    }

    deinit {
        var done: UnsafeMutablePointer<Pix>? = picture
        pixDestroy(&done)
    }
}

/// A libvips image, released with this value.
private final class GreyPicture {
    let image: UnsafeMutablePointer<VipsImage>

    /// - Parameter make: fills its argument and gives 0, as libvips' functions do.
    init(_ make: (UnsafeMutablePointer<UnsafeMutablePointer<VipsImage>?>) -> Int32) throws(ReadingError) {
        var made: UnsafeMutablePointer<VipsImage>?
        guard make(&made) == 0, let made else { throw .unreadable }
        image = made
    }

    private init(owning image: UnsafeMutablePointer<VipsImage>) { self.image = image }

    deinit { cvips_release(image) }

    var width: Int { Int(vips_image_get_width(image)) }
    var height: Int { Int(vips_image_get_height(image)) }

    /// One byte a pixel, line by line; of a picture that is in memory.
    var pixels: UnsafePointer<UInt8>? {
        vips_image_get_data(image).map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }
    }

    func inMemory() throws(ReadingError) -> GreyPicture {
        guard let copy = vips_image_copy_memory(image) else { throw .unreadable }
        return GreyPicture(owning: copy)
    }
}
