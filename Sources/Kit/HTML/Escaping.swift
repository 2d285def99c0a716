enum Escaping {
    /// The first byte from `index` on that may need an escape; `end` if there is none.
    @inline(__always)
    static func next(_ bytes: UnsafePointer<UInt8>, from index: Int, to end: Int) -> Int {
        // One bit per byte below 64 that may need an escape: control characters except tab, line feed, form feed and carriage
        // return; `"` 34, `&` 38, `'` 39, `<` 60, `>` 62.
        let special: UInt64 = 0x5000_00C4_FFFF_C9FF
        var index = index
        while index < end {
            let byte = bytes[index]
            if byte < 64 {
                if special &>> UInt64(truncatingIfNeeded: byte) & 1 != 0 { return index }
            } else if byte == 0x7F || byte == 0xC2 {
                return index
            }
            index &+= 1
        }
        return index
    }

    /// What stands for these bytes, and how many of them it replaces; nil when they stand for themselves.
    static func escape(_ byte: UInt8, _ next: UInt8) -> (text: StaticString, length: Int)? {
        switch byte {
        case UInt8(ascii: "&"): ("&amp;", 1)
        case UInt8(ascii: "<"): ("&lt;", 1)
        case UInt8(ascii: ">"): ("&gt;", 1)
        case UInt8(ascii: "\""): ("&#34;", 1)
        case UInt8(ascii: "'"): ("&#39;", 1)
        // U+0080…U+009F are two bytes that begin with C2; the rest of that block (° § « …) is ordinary text.
        case 0xC2: (0x80...0x9F).contains(next) ? ("\u{FFFD}", 2) : nil
        default: ("\u{FFFD}", 1)
        }
    }
}
