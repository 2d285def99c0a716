import CVips

/// Decodes, shrinks and encodes with libvips. Runs in the worker process.
enum PhotoDecoder {
    private static let isReady = cvips_start() == 0

    static func prepare(_ bytes: [UInt8], _ limits: PhotoLimits) throws(PhotoError) -> PreparedPhoto {
        guard isReady else { throw .unavailable("libvips does not start") }
        guard bytes.count <= limits.bytes else { throw .tooLarge }
        try ImageHeader(bytes).check(limits)
        let result: Result<PreparedPhoto, PhotoError> = bytes.withUnsafeBytes { raw in
            Result { () throws(PhotoError) in try prepare(raw, limits) }
        }
        vips_error_clear()
        return try result.get()
    }

    private static func prepare(_ raw: UnsafeRawBufferPointer, _ limits: PhotoLimits) throws(PhotoError) -> PreparedPhoto {
        let header = try Picture { cvips_header(raw.baseAddress, raw.count, $0) }
        try ImageHeader.check(Int(header.width), Int(header.height), limits)
        let decoded = try Picture { cvips_thumbnail(raw.baseAddress, raw.count, Int32(limits.fullEdge), $0) }
        let full = try decoded.opaque().inMemory()
        let thumb = try Picture { cvips_shrink(full.image, Int32(limits.thumbEdge), $0) }
        return PreparedPhoto(full: try full.jpeg(limits.quality), thumb: try thumb.jpeg(limits.quality))
    }
}

/// A libvips image, released with this value.
private final class Picture {
    let image: UnsafeMutablePointer<VipsImage>

    /// - Parameter make: fills its argument and gives 0, as libvips' functions do.
    init(_ make: (UnsafeMutablePointer<UnsafeMutablePointer<VipsImage>?>) -> Int32) throws(PhotoError) {
        var made: UnsafeMutablePointer<VipsImage>?
        guard make(&made) == 0, let made else { throw Picture.failure() }
        image = made
    }

    private init(owning image: UnsafeMutablePointer<VipsImage>) { self.image = image }

    deinit { cvips_release(image) }

    /// What libvips has just said: no memory means that the image is too large, not that it is broken.
    private static func failure() -> PhotoError {
        String(cString: vips_error_buffer()).contains("out of memory") ? .tooLarge : .damaged
    }

    var width: Int32 { vips_image_get_width(image) }
    var height: Int32 { vips_image_get_height(image) }

    func opaque() throws(PhotoError) -> Picture {
        let colours = try Picture { cvips_srgb(image, $0) }
        guard vips_image_hasalpha(colours.image) != 0 else { return colours }
        return try Picture { cvips_flatten(colours.image, $0) }
    }

    /// Computed once, for both results.
    func inMemory() throws(PhotoError) -> Picture {
        guard let copy = vips_image_copy_memory(image) else { throw Self.failure() }
        return Picture(owning: copy)
    }

    func jpeg(_ quality: Int) throws(PhotoError) -> PreparedPhoto.Picture {
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        guard cvips_jpeg(image, Int32(quality), &bytes, &count) == 0, let bytes else { throw Self.failure() }
        defer { cvips_free(bytes) }
        return PreparedPhoto.Picture(
            bytes: Array(UnsafeRawBufferPointer(start: bytes, count: count)), width: Int(width), height: Int(height))
    }
}
