import CZlib

enum Gzip {
    /// The bytes as a gzip member at the best level; `nil` when zlib refuses (out of memory).
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard let count = UInt32(exactly: bytes.count) else { return nil }
        var stream = z_stream()
        guard portico_gzip_start(&stream) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        let bound = deflateBound(&stream, UInt(bytes.count))
        guard let room = UInt32(exactly: bound) else { return nil }
        return input.withUnsafeMutableBufferPointer { source -> [UInt8]? in
            var written = 0
            let output = [UInt8](unsafeUninitializedCapacity: Int(room)) { target, used in
                stream.next_in = source.baseAddress
                stream.avail_in = count
                stream.next_out = target.baseAddress
                stream.avail_out = room
                if deflate(&stream, Z_FINISH) == Z_STREAM_END { written = Int(stream.total_out) }
                used = written
            }
            return written > 0 ? output : nil
        }
    }
}
