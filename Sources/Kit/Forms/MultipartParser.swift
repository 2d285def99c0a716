import Foundation
import NIOCore

/// `multipart/form-data` (RFC 7578) as a machine that is fed bytes and gives events. It holds at most the bytes of one part's
/// headers, or a boundary's length of content, wherever the sender cuts the stream.
struct MultipartParser {
    enum Event: Equatable {
        case head(PartHead)
        case bytes(ByteBuffer)
        case endOfPart
    }

    private enum State {
        case start, afterBoundary, head, content, ended
    }

    private let delimiter: [UInt8]  // CR LF -- boundary
    private let limits: FormLimits
    private var state = State.start
    private var pending = ByteBuffer()
    private var parts = 0
    private var closesPart = false

    init(boundary: String, limits: FormLimits) throws(BodyError) {
        guard (1...limits.boundary).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ $0 > 0x1F && $0 < 0x7F }) else {
            throw .malformed("The boundary is missing or too long.")
        }
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
    }

    mutating func append(_ bytes: ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.discardReadBytes()
            pending.writeImmutableBuffer(bytes)
        }
    }

    /// The next event, or nil when more bytes are needed.
    mutating func next() throws(BodyError) -> Event? {
        while true {
            switch state {
            case .start:
                guard try readFirstBoundary() else { return nil }
            case .afterBoundary:
                guard try readAfterBoundary() else { return nil }
                if closesPart {
                    closesPart = false
                    return .endOfPart
                }
            case .head:
                guard let head = try readHead() else { return nil }
                return .head(head)
            case .content:
                guard let slice = readContent() else { return nil }
                if slice.readableBytes > 0 { return .bytes(slice) }
            case .ended:
                pending.clear()  // what follows the last boundary says nothing
                return nil
            }
        }
    }

    /// Call when the body is over: it must have had its last boundary.
    func finish() throws(BodyError) {
        guard case .ended = state else { throw .malformed("The form ends before its last boundary.") }
    }

    private mutating func readFirstBoundary() throws(BodyError) -> Bool {
        let opening = delimiter.dropFirst(2)
        // Some programs begin with an empty line. Any other text before the first boundary is refused.
        let view = pending.readableBytesView
        let start = view.starts(with: [0x0D, 0x0A]) ? view.dropFirst(2) : view
        guard start.count >= opening.count else {
            let broken = !opening.starts(with: start) && !(view.count == 1 && view.first == 0x0D)
            if broken { throw .malformed("The form does not begin with its boundary.") }
            return false
        }
        guard start.starts(with: opening) else { throw .malformed("The form does not begin with its boundary.") }
        pending.moveReaderIndex(forwardBy: view.count - start.count + opening.count)
        state = .afterBoundary
        return true
    }

    /// Two dashes end the form; a line end begins the next part.
    private mutating func readAfterBoundary() throws(BodyError) -> Bool {
        let view = pending.readableBytesView
        let text = view.drop { $0 == 0x20 || $0 == 0x09 }
        guard view.count - text.count <= 64 else { throw .malformed("A boundary line is broken.") }
        guard let first = text.first, let second = text.dropFirst().first else { return false }
        if first == UInt8(ascii: "-"), second == first, view.count == text.count {
            state = .ended
        } else if first == 0x0D, second == 0x0A {
            parts += 1
            guard parts <= limits.parts else { throw .tooLarge("The form has more than \(limits.parts) parts.") }
            // The line end stays: a part without headers begins with an empty line.
            pending.moveReaderIndex(forwardBy: view.count - text.count)
            state = .head
            return true
        } else {
            throw .malformed("A boundary line is broken.")
        }
        return true
    }

    private mutating func readHead() throws(BodyError) -> PartHead? {
        let end = pending.withUnsafeReadableBytes { find([0x0D, 0x0A, 0x0D, 0x0A], in: $0.prefix(limits.partHeaders)) }
        guard let end else {
            guard pending.readableBytes < limits.partHeaders else {
                throw .tooLarge("The headers of a part are larger than \(limits.partHeaders) bytes.")
            }
            return nil
        }
        let bytes = pending.readBytes(length: end) ?? []
        pending.moveReaderIndex(forwardBy: 4)
        state = .content
        return try PartHead(bytes)
    }

    /// Content that is surely not part of a boundary; nil when more bytes are needed.
    private mutating func readContent() -> ByteBuffer? {
        let (length, whole) = pending.withUnsafeReadableBytes { bytes in
            if let place = find(delimiter, in: bytes[...]) { return (place, true) }
            return (bytes.count - endThatMayBegin(delimiter, bytes), false)
        }
        guard length > 0 || whole else { return nil }
        let slice = pending.readSlice(length: length)
        if whole {
            pending.moveReaderIndex(forwardBy: delimiter.count)
            closesPart = true
            state = .afterBoundary
        }
        return slice
    }
}

/// Where the pattern, which begins with CR, first stands.
private func find(_ pattern: [UInt8], in bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
    var rest = UnsafeRawBufferPointer(rebasing: bytes)
    var skipped = 0
    while rest.count >= pattern.count, let base = rest.baseAddress, let found = memchr(base, 0x0D, rest.count) {
        let place = UnsafeRawPointer(found) - base
        guard rest.count - place >= pattern.count else { return nil }
        if memcmp(found, pattern, pattern.count) == 0 { return skipped + place }
        skipped += place + 1
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(place + 1))
    }
    return nil
}

/// How many bytes at the end may be the beginning of the pattern.
private func endThatMayBegin(_ pattern: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Int {
    var length = min(pattern.count - 1, bytes.count)
    while length > 0 {
        if bytes.suffix(length).elementsEqual(pattern.prefix(length)) { return length }
        length -= 1
    }
    return 0
}
