import Forms
import Foundation
import NIOCore

/// Bodies for the tests of forms.
enum FormSample {
    static let spool = Spool()

    static func read(
        _ bytes: [UInt8], _ type: String?, limits: FormLimits = FormLimits(), chunk: Int = 1 << 14, length: Int? = nil
    ) async throws -> Submission {
        let chunks = AsyncStream { stream in
            var rest = bytes[...]
            while !rest.isEmpty {
                stream.yield(ByteBuffer(bytes: rest.prefix(chunk)))
                rest = rest.dropFirst(chunk)
            }
            stream.finish()
        }
        return try await BodyReader(limits: limits, spool: spool).read(chunks, contentType: type, length: length)
    }

    static func urlencoded(_ text: String, limits: FormLimits = FormLimits()) async throws -> Submission {
        try await read(Array(text.utf8), "application/x-www-form-urlencoded", limits: limits)
    }

    static func json(_ text: String, limits: FormLimits = FormLimits()) async throws -> Submission {
        try await read(Array(text.utf8), "application/json", limits: limits)
    }

    static func multipart(
        _ parts: [(head: String, content: [UInt8])], limits: FormLimits = FormLimits(), chunk: Int = 1 << 14, end: Bool = true
    ) async throws -> Submission {
        try await read(multipartBytes(parts, end: end), multipartType, limits: limits, chunk: chunk)
    }

    static let multipartType = "multipart/form-data; boundary=XyZ"

    static func multipartBytes(_ parts: [(head: String, content: [UInt8])], end: Bool = true) -> [UInt8] {
        var out: [UInt8] = []
        for part in parts {
            out += "--XyZ\r\nContent-Disposition: form-data; \(part.head)\r\n\r\n".utf8
            out += part.content
            out += "\r\n".utf8
        }
        return end ? out + "--XyZ--\r\n".utf8 : out
    }

    /// The status that refuses the body; 200 when it is taken.
    static func status(_ read: () async throws -> Submission) async -> Int {
        do {
            _ = try await read()
            return 200
        } catch let error as BodyError {
            return error.status
        } catch {
            return 500
        }
    }

    /// The codes a form records, as `field:code`.
    static func problems(_ submission: Submission, _ read: (inout FormReader) -> Void) -> [String] {
        var form = FormReader(submission)
        read(&form)
        return form.problems.map { "\($0.field):\($0.code.name)" }
    }
}
