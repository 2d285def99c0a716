/// The simplest PNG that every reader takes: not compressed (RFC 2083, RFC 1950, RFC 1951 §3.2.4).
enum PNG {
    static func encode(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
        encode(lines: pixels, width * 3, width: width, height: height, bits: 8, colours: 2)
    }

    /// - Parameters:
    ///   - lines: one after the other, each of so many bytes.
    ///   - bits: of each colour of a pixel.
    ///   - colours: 0 for grey, 2 for red, green and blue.
    static func encode(lines pixels: [UInt8], _ bytes: Int, width: Int, height: Int, bits: UInt8, colours: UInt8) -> [UInt8] {
        var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        png += chunk("IHDR", word(UInt32(width)) + word(UInt32(height)) + [bits, colours, 0, 0, 0])
        png += chunk("IDAT", stored(lines(pixels, bytes)))
        png += chunk("IEND", [])
        return png
    }

    /// Every line starts with its filter: none.
    private static func lines(_ pixels: [UInt8], _ width: Int) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(pixels.count + pixels.count / max(width, 1))
        var start = 0
        while start < pixels.count {
            lines.append(0)
            lines += pixels[start..<min(start + width, pixels.count)]
            start += width
        }
        return lines
    }

    /// A zlib stream of stored blocks.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(bytes.count + bytes.count / 1_000 + 16)
        var start = 0
        while start < bytes.count {
            let end = min(start + 65_535, bytes.count)
            let length = UInt16(end - start)
            stream.append(end == bytes.count ? 1 : 0)
            for part in [length, ~length] { stream += [UInt8(part & 0xFF), UInt8(part >> 8)] }
            stream += bytes[start..<end]
            start = end
        }
        return stream + word(adler(bytes))
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + body
        return word(UInt32(body.count)) + named + word(crc(named))
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 1 }
            var (low, high): (UInt32, UInt32) = (1, 0)
            var index = 0
            while index < buffer.count {
                low += UInt32(base[index])
                high += low
                // 5552 bytes later the sums could leave 32 bits.
                if index % 5_552 == 5_551 { (low, high) = (low % 65_521, high % 65_521) }
                index += 1
            }
            return ((high % 65_521) << 16) | (low % 65_521)
        }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            table.withUnsafeBufferPointer { table in
                guard let base = buffer.baseAddress, let steps = table.baseAddress else { return 0 }
                var value: UInt32 = 0xFFFF_FFFF
                var index = 0
                while index < buffer.count {
                    value = value >> 8 ^ steps[Int((value ^ UInt32(base[index])) & 0xFF)]
                    index += 1
                }
                return ~value
            }
        }
    }
}
