/// Finds places in a script of several statements.
enum SQLScript {
    /// The line of Postgres' error position, which counts characters from 1.
    static func line(ofCharacter position: Int, in script: String) -> Int {
        script.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" } + 1
    }

    /// The line on which the n-th statement (from 0) begins. Passes over quoted text and comments.
    static func line(ofStatement wanted: Int, in script: String) -> Int {
        var scanner = Scanner(script)
        for _ in 0..<wanted { scanner.skipStatement() }
        scanner.skipBlank()
        return scanner.line
    }

    private struct Scanner {
        private let text: [UInt8]
        private var at = 0
        private(set) var line = 1

        init(_ script: String) { text = Array(script.utf8) }

        private var byte: UInt8? { at < text.count ? text[at] : nil }

        private mutating func step(_ count: Int = 1) {
            for _ in 0..<count where at < text.count {
                if text[at] == UInt8(ascii: "\n") { line += 1 }
                at += 1
            }
        }

        private func starts(with word: some Collection<UInt8>) -> Bool { text[min(at, text.count)...].starts(with: word) }

        mutating func skipBlank() {
            while let byte {
                if starts(with: "--".utf8) {
                    skip(past: "\n".utf8)
                } else if starts(with: "/*".utf8) {
                    skip(past: "*/".utf8)
                } else if byte <= 0x20 {
                    step()
                } else {
                    return
                }
            }
        }

        mutating func skipStatement() {
            skipBlank()
            while let byte {
                switch byte {
                case UInt8(ascii: ";"): return step()
                case UInt8(ascii: "'"), UInt8(ascii: "\""):
                    step()
                    skip(past: CollectionOfOne(byte))
                case UInt8(ascii: "$"):
                    let tag = dollarTag()
                    step(tag.count)
                    if tag.count > 1 { skip(past: tag) }
                default: step()
                }
                skipBlank()
            }
        }

        /// `$$` or `$name$`, or the lone dollar of a parameter.
        private func dollarTag() -> [UInt8] {
            var end = at + 1
            while end < text.count, text[end] == UInt8(ascii: "_") || text[end] > 0x40 { end += 1 }
            return end < text.count && text[end] == UInt8(ascii: "$") ? Array(text[at...end]) : [UInt8(ascii: "$")]
        }

        private mutating func skip(past end: some Collection<UInt8>) {
            while at < text.count, !starts(with: end) { step() }
            step(end.count)
        }
    }
}
