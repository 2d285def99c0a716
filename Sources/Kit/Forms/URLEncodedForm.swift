/// `application/x-www-form-urlencoded`, read strictly: a broken escape, bad UTF-8 or a NUL refuses the whole text instead of
/// turning into something that nobody typed.
enum URLEncodedForm {
    static func read(_ bytes: some Collection<UInt8>, _ limits: FormLimits) throws(BodyError) -> Submission {
        guard bytes.count <= limits.urlencoded else { throw .tooLarge("The form is larger than \(limits.urlencoded) bytes.") }
        var submission = Submission()
        submission.size = bytes.count
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard submission.fields.count < limits.fields else {
                throw .malformed("The form has more than \(limits.fields) fields.")
            }
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let rawName = pair[..<(equals ?? pair.endIndex)]
            // Before decoding, so that a name of a megabyte is not decoded first.
            guard rawName.count <= limits.key * 3 else { throw .malformed("A field name is longer than \(limits.key) bytes.") }
            let name = try FieldName.canonical(try decode(rawName), limits)
            let value = try equals.map { equals throws(BodyError) in try decode(pair[pair.index(after: equals)...]) } ?? ""
            guard value.utf8.count <= limits.field else { throw .tooLarge("A field is larger than \(limits.field) bytes.") }
            submission.add(.init(name: name, value: value))
        }
        return submission
    }

    private static func decode(_ raw: some Collection<UInt8>) throws(BodyError) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(raw.count)
        var rest = raw.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): out.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit) else {
                    throw .malformed("The form has a broken percent escape.")
                }
                out.append(high << 4 | low)
            default: out.append(byte)
            }
        }
        return try checkedText(out)
    }
}

/// Bytes as text: UTF-8 and without NUL, which no text that people type contains and Postgres cannot hold.
func checkedText(_ bytes: [UInt8]) throws(BodyError) -> String {
    guard !bytes.contains(0) else { throw .malformed("A field has a NUL character.") }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed("A field is not valid UTF-8.") }
    return text
}

/// The value of one hexadecimal digit.
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: nil
    }
}
