extension FormReader {
    /// The files of that field. JSON may also give a file as a base64 text.
    /// - Parameter maxBytes: of each file.
    public mutating func files(_ name: String, min: Int = 0, max: Int, maxBytes: Int = 10 << 20) -> [Upload] {
        if let probe {
            probe.note(name, .file(max: maxBytes), required: min > 0, count: min...max)
            return []
        }
        var files = submission.files.filter { $0.name == prefix + name }
        for field in many(name) where !field.value.isEmpty {
            guard submission.isJSON, field.kind == .text, let bytes = Base64.decode(field.value) else {
                fail(name, submission.isJSON ? .fileDamaged : .wrongType)
                return []
            }
            files.append(Upload(name: prefix + name, filename: "", type: "", bytes: bytes))
        }
        guard check(files.count, min: min, max: max, name) else { return [] }
        guard files.allSatisfy({ $0.size <= maxBytes }) else {
            fail(name, .fileTooLarge(max: maxBytes))
            return []
        }
        return files
    }
}
