import Crypto
import NIOCore

/// Puts the parts of a multipart form together: fields as text, small files in memory, larger ones on disk.
struct PartCollector {
    var submission = Submission()
    private let limits: FormLimits
    private let spool: Spool
    private var head: PartHead?
    private var memory = ByteBuffer()
    private var disk: SpoolFile?
    private var size = 0
    private var hash = SHA256()

    init(limits: FormLimits, spool: Spool) {
        self.limits = limits
        self.spool = spool
    }

    mutating func take(_ event: MultipartParser.Event) async throws {
        switch event {
        case .head(let head): try begin(head)
        case .bytes(let bytes):
            if head?.filename == nil { try addText(bytes) } else { try await addFile(bytes) }
        case .endOfPart:
            if disk != nil, memory.readableBytes > 0 { try await flush() }
            try end()
        }
    }

    private mutating func begin(_ head: PartHead) throws(BodyError) {
        self.head = head
        memory = ByteBuffer()
        disk = nil
        size = 0
        hash = SHA256()
        if head.filename == nil, submission.fields.count >= limits.fields {
            throw .malformed("The form has more than \(limits.fields) fields.")
        }
    }

    private mutating func addText(_ bytes: ByteBuffer) throws(BodyError) {
        guard memory.readableBytes + bytes.readableBytes <= limits.field else {
            throw .tooLarge("A field is larger than \(limits.field) bytes.")
        }
        memory.writeImmutableBuffer(bytes)
    }

    private mutating func addFile(_ bytes: ByteBuffer) async throws {
        size += bytes.readableBytes
        guard size <= limits.file else { throw BodyError.tooLarge("A file is larger than \(limits.file) bytes.") }
        if submission.files.count >= limits.files { throw BodyError.tooLarge("The form has more than \(limits.files) files.") }
        bytes.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        memory.writeImmutableBuffer(bytes)
        // One write for each 64 KiB, not one for each chunk of the network.
        if memory.readableBytes > limits.memory { try await flush() }
    }

    private mutating func flush() async throws {
        let file = if let disk { disk } else { try await spool.file() }
        disk = file
        try await file.append(memory)
        memory = ByteBuffer()
    }

    private mutating func end() throws {
        guard let head else { return }
        let name = try FieldName.canonical(head.name, limits)
        guard let filename = head.filename else {
            submission.add(.init(name: name, value: try checkedText(Array(memory.readableBytesView))))
            return
        }
        // A file field that was left empty: browsers send it without name and content.
        if filename.isEmpty, size == 0 { return }
        let content: Upload.Content = if let disk { .disk(disk) } else { .memory(memory) }
        submission.files.append(
            Upload(
                name: name, filename: FileName.sanitised(filename), declaredType: head.contentType, size: size,
                digest: Array(hash.finalize()), content: content))
    }
}
