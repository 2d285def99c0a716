import Crypto

extension Submission {
    /// SHA-256 (hexadecimal) of what was said: names, values and the files' contents. The same form sent twice has the same
    /// fingerprint, although browsers choose a new multipart boundary each time, and programs write an object's members in any order;
    /// that of values under one name counts.
    /// - Parameter names: fields that change with each rendering, such as `csrf_token`.
    public func fingerprint(without names: Set<String> = []) -> String {
        var hash = SHA256()
        // Each piece is preceded by its length, so that no two different forms give the same bytes.
        func add(_ text: String) {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(text.utf8))
        }
        let said = fields.filter { !names.contains($0.name) }.enumerated()
        for (_, field) in said.sorted(by: { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }) {
            add("\(field.kind)")
            add(field.name)
            add(field.value)
        }
        for file in files {
            add("file")
            add(file.name)
            add(file.filename)
            hash.update(data: file.digest)
        }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
