/// Reads what kind of tag stands between `{{` and `}}`.
struct TagReader {
    let source: SourceText
    /// The inside of the tag, without white space at its ends.
    let body: Range<Int>

    func kind() throws -> Tag.Kind {
        switch source[body.lowerBound] {
        case _ where body.isEmpty: throw mistake("this tag is empty: write an expression, or {{! … }} for a comment")
        case UInt8(ascii: "#"): try opening()
        case UInt8(ascii: "/"): try closing()
        case UInt8(ascii: ">"): .call(try call(from: body.lowerBound + 1))
        case UInt8(ascii: "{"), UInt8(ascii: "&"):
            throw mistake("there is no unescaped output: print a value of type SafeHTML with {{ value }}")
        case UInt8(ascii: "^"): throw mistake("write {{ #if !condition }} … {{ /if }}")
        default: try word()
        }
    }

    private func opening() throws -> Tag.Kind {
        let start = body.lowerBound + 1
        if source[start] == UInt8(ascii: "\"") || source[start] == UInt8(ascii: "#") { return .value(body) }
        if source[start] == UInt8(ascii: ">") { return .block(try call(from: start + 1)) }
        let name = source.identifier(at: start, to: body.upperBound)
        let rest = source.trimmed(name.upperBound..<body.upperBound)
        let code = start..<body.upperBound
        switch source.string(name) {
        case "for": return .loop(try nonEmpty(rest, code, "write {{ #for item in page.items }}"))
        case "if": return .condition(try nonEmpty(rest, code, "write {{ #if condition }}"))
        case "let": return .constant(try constant(rest, code))
        case "slot": return .fill(try slotName(rest))
        case let other: throw mistake("unknown tag '#\(other)': there are #for, #if, #let, #slot and #> component(…)")
        }
    }

    private func closing() throws -> Tag.Kind {
        let name = source.string(source.trimmed(body.lowerBound + 1..<body.upperBound))
        guard let block = Tag.Block(rawValue: name) else {
            throw mistake("unknown tag '/\(name)': there are /for, /if, /slot and />")
        }
        return .end(block)
    }

    /// Words that are tags only when the next thing cannot continue an expression: `{{ page.title }}` is a value.
    private func word() throws -> Tag.Kind {
        let name = source.identifier(at: body.lowerBound, to: body.upperBound)
        let rest = source.trimmed(name.upperBound..<body.upperBound)
        let followedByName =
            rest.lowerBound > name.upperBound && !source.identifier(at: rest.lowerBound, to: rest.upperBound).isEmpty
        switch source.string(name) {
        case "else" where rest.isEmpty: return .otherwise
        case "else": return try otherwiseIf(rest)
        case "slot" where rest.isEmpty: return .slot("content")
        case "slot" where followedByName: return .slot(source.string(try slotName(rest)))
        case "page" where followedByName: return .page(try typeName(rest))
        case "component" where followedByName: return .component(try call(from: rest.lowerBound))
        case "layout" where followedByName: return .layout(try call(from: rest.lowerBound))
        case "import" where followedByName: return .module(try typeName(rest))
        case "for", "if", "let", "switch", "while", "var", "func", "return":
            throw mistake("'\(source.string(name))' is no expression: blocks are {{ #for … }}, {{ #if … }} and {{ #let … }}")
        default: return .value(body)
        }
    }

    private func otherwiseIf(_ rest: Range<Int>) throws -> Tag.Kind {
        let word = source.identifier(at: rest.lowerBound, to: rest.upperBound)
        guard source.string(word) == "if", !source.trimmed(word.upperBound..<rest.upperBound).isEmpty else {
            throw mistake("write {{ else }} or {{ else if condition }}")
        }
        return .otherwiseIf(rest)
    }

    private func constant(_ rest: Range<Int>, _ code: Range<Int>) throws -> Range<Int> {
        let name = source.identifier(at: rest.lowerBound, to: rest.upperBound)
        guard !name.isEmpty, source.bytes[name.upperBound..<rest.upperBound].contains(UInt8(ascii: "=")) else {
            throw mistake("write {{ #let name = expression }}")
        }
        return code
    }

    private func call(from start: Int) throws -> Tag.Call {
        let name = source.identifier(at: source.skipSpace(start, to: body.upperBound), to: body.upperBound)
        guard !name.isEmpty, source[name.upperBound] == UInt8(ascii: "(") else {
            throw mistake("write the component's name with parentheses: name(argument: value), or name() without arguments")
        }
        let end = try SwiftScanner.afterParenthesis(in: source, at: name.upperBound, limit: body.upperBound)
        guard let end, end == body.upperBound else {
            throw Mistake(
                offset: end ?? name.upperBound,
                message: "nothing may follow the component's parentheses: pass closures as arguments")
        }
        return Tag.Call(name: name, arguments: name.upperBound + 1..<end - 1)
    }

    private func slotName(_ range: Range<Int>) throws -> Range<Int> {
        guard source.identifier(at: range.lowerBound, to: range.upperBound) == range, !range.isEmpty else {
            throw mistake("a slot has a name of letters: {{ #slot actions }} in the call, {{ slot actions }} in the component")
        }
        return range
    }

    private func typeName(_ range: Range<Int>) throws -> Range<Int> {
        let letters = source.bytes[range]
        guard letters.allSatisfy({ $0.isWord || $0 == UInt8(ascii: ".") }), letters.last != UInt8(ascii: ".") else {
            throw mistake("write one type name: {{ page FaultsPage }}")
        }
        return range
    }

    private func nonEmpty(_ rest: Range<Int>, _ code: Range<Int>, _ advice: String) throws -> Range<Int> {
        guard !rest.isEmpty else { throw mistake(advice) }
        return code
    }

    private func mistake(_ message: String) -> Mistake {
        Mistake(offset: body.lowerBound, message: message)
    }
}
