import NIOCore

/// Reads a request's body into a ``Submission``, whatever of the three encodings it speaks.
public struct BodyReader: Sendable {
    public var limits: FormLimits
    let spool: Spool

    public init(limits: FormLimits = FormLimits(), spool: Spool) {
        self.limits = limits
        self.spool = spool
    }

    /// - Parameters:
    ///   - contentType: the header as it came; without it only an empty body is taken.
    ///   - length: Content-Length, if it was given; refuses early, and is never relied on.
    /// - Throws: ``BodyError``, ``SpoolError``, or what the body's own sequence throws.
    public func read<Body: AsyncSequence>(
        _ body: Body, contentType: String?, length: Int? = nil
    ) async throws -> Submission where Body.Element == ByteBuffer {
        guard let contentType, !contentType.isEmpty else {
            guard try await gather(body, length, upTo: 0, or: .unsupported("The body has no Content-Type.")).isEmpty else {
                throw BodyError.unsupported("The body has no Content-Type.")
            }
            return Submission()
        }
        guard let type = HeaderParameters(contentType) else { throw BodyError.malformed("The Content-Type is broken.") }
        if let charset = type.parameters["charset"], charset.lowercased() != "utf-8" {
            throw BodyError.unsupported("Only UTF-8 is read here.")
        }
        switch type.value {
        case "application/x-www-form-urlencoded":
            return try URLEncodedForm.read(try await gather(body, length, upTo: limits.urlencoded), limits)
        case "application/json":
            return try JSONForm(try await gather(body, length, upTo: limits.json), limits).submission
        case "multipart/form-data":
            return try await multipart(body, boundary: type.parameters["boundary"] ?? "", length)
        default:
            throw BodyError.unsupported("Send a form (urlencoded or multipart) or JSON.")
        }
    }

    private func gather<Body: AsyncSequence>(
        _ body: Body, _ length: Int?, upTo limit: Int, or error: BodyError? = nil
    ) async throws -> [UInt8] where Body.Element == ByteBuffer {
        let error = error ?? .tooLarge("The body is larger than \(limit) bytes.")
        if let length, length > limit { throw error }
        var bytes: [UInt8] = []
        for try await chunk in body {
            guard bytes.count + chunk.readableBytes <= limit else { throw error }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }

    private func multipart<Body: AsyncSequence>(
        _ body: Body, boundary: String, _ length: Int?
    ) async throws -> Submission where Body.Element == ByteBuffer {
        if let length, length > limits.total { throw BodyError.tooLarge("The form is larger than \(limits.total) bytes.") }
        var parser = try MultipartParser(boundary: boundary, limits: limits)
        var collector = PartCollector(limits: limits, spool: spool)
        var size = 0
        for try await chunk in body {
            size += chunk.readableBytes
            guard size <= limits.total else { throw BodyError.tooLarge("The form is larger than \(limits.total) bytes.") }
            parser.append(chunk)
            while let event = try parser.next() { try await collector.take(event) }
        }
        try parser.finish()
        collector.submission.size = size
        return collector.submission
    }
}

extension Submission {
    /// The query of an address, as in `state=open&q=water`; read like a form.
    public init(query: some StringProtocol, limits: FormLimits = FormLimits()) throws(BodyError) {
        var limits = limits
        limits.fields = limits.queryFields
        self = try URLEncodedForm.read(Array(query.utf8), limits)
    }
}
