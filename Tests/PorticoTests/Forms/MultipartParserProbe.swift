import NIOCore

@testable import Forms

/// The parser alone, without threads and disk.
enum MultipartParserProbe {
    static func read(_ bytes: [UInt8], chunk: Int) throws -> Int {
        var parser = try MultipartParser(boundary: "XyZ", limits: FormLimits())
        var events = 0
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            parser.append(ByteBuffer(bytes: bytes[start...].prefix(chunk)))
            while try parser.next() != nil { events += 1 }
        }
        try parser.finish()
        return events
    }
}
