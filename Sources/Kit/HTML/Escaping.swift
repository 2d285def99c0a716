enum Escaping {
    /// Copies text that holds nothing special. False when it may: what was copied until then means nothing.
    @inline(__always)
    static func copyPlain(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
        let (from, to) = (UnsafeRawPointer(source), UnsafeMutableRawPointer(target))
        guard count >= 8 else {
            if firstSpecial(source, 0, count) != nil { return false }
            for index in 0..<count { target[index] = source[index] }
            return true
        }
        var index = 0
        while index < count {
            // The last block overlaps the one before it.
            index = min(index, count &- 8)
            let block = from.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if mayHoldSpecial(block) { return false }
            to.storeBytes(of: block, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        return true
    }

    /// The first byte from `index` on that may need an escape; `end` if there is none. Eight bytes at a time: looking at single
    /// bytes took a third of a page's time, and Swift's SIMD masks are far slower still (6.3).
    @inline(__always)
    static func next(_ bytes: UnsafePointer<UInt8>, from index: Int, to end: Int) -> Int {
        var index = index
        while end &- index >= 8 {
            let block = UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self)
            if mayHoldSpecial(block), let hit = firstSpecial(bytes, index, index &+ 8) { return hit }
            index &+= 8
        }
        // The rest again as part of a whole block, if the text has one.
        if index < end, end >= 8 {
            let block = UnsafeRawPointer(bytes + (end &- 8)).loadUnaligned(as: UInt64.self)
            if !mayHoldSpecial(block) { return end }
        }
        return firstSpecial(bytes, index, end) ?? end
    }

    /// False only if none of the eight bytes is special. `zeros(x)` has a high bit set if any byte of x is 0 (Mycroft's test).
    @inline(__always)
    private static func mayHoldSpecial(_ block: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let controls = (block &- ones &* 0x20) & ~block
        let quotes = zeros(block ^ ones &* 0x22)
        let ampersands = zeros((block & ones &* 0xFE) ^ ones &* 0x26)  // & '
        let brackets = zeros((block & ones &* 0xFD) ^ ones &* 0x3C)  // < >
        let rare = zeros(block ^ ones &* 0x7F) | zeros(block ^ ones &* 0xC2)
        return (controls | quotes | ampersands | brackets | rare) & ones &* 0x80 != 0
    }

    @inline(__always)
    private static func zeros(_ block: UInt64) -> UInt64 { (block &- 0x0101_0101_0101_0101) & ~block }

    /// Control characters except tab, line feed, form feed and carriage return; `"` 34, `&` 38, `'` 39, `<` 60, `>` 62 (one bit per
    /// byte below 64); 7F; and C2, which may begin a control character of two bytes.
    @inline(__always)
    private static func firstSpecial(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        let special: UInt64 = 0x5000_00C4_FFFF_C9FF
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte < 64 ? special &>> UInt64(truncatingIfNeeded: byte) & 1 != 0 : byte == 0x7F || byte == 0xC2 { return index }
            index &+= 1
        }
        return nil
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
