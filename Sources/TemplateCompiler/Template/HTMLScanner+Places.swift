// MARK: - What may stand at a tag

extension HTMLScanner {
    enum Place {
        case text, attribute, url, path
    }

    /// Where an expression at this offset stands; a mistake if nothing may be printed there.
    mutating func place(ofValueAt offset: Int) throws -> Place {
        keepFirstLineEnd()
        switch state {
        case .text: return .text
        case .plainText: return .attribute
        case .value: return try placeInValue(offset)
        case .raw: throw Mistake(offset: offset, message: rawValueAdvice)
        case .beforeValue:
            throw Mistake(offset: offset, message: "an attribute's value stands in quotes: \(attribute.name)=\"{{ … }}\"")
        case .tagName, .endTag:
            throw Mistake(
                offset: offset, message: "an element's name cannot be an expression: write {{ #if }} with both elements")
        case .betweenAttributes, .attributeName, .afterAttributeName:
            throw Mistake(
                offset: offset, message: "an attribute's name cannot be an expression: write {{ #if condition }} name{{ /if }}")
        }
    }

    var rawValueAdvice: String {
        "nothing can be printed inside <\(open.last?.name ?? "")>: pass values in data-… attributes"
    }

    mutating func placeInValue(_ offset: Int) throws -> Place {
        let meaning = AttributeMeaning.of(attribute.name, in: element.name)
        if valueIsWhole || (meaning == .url || meaning == .path) && valueLength > 0 {
            throw Mistake(offset: offset, message: wholeValueAdvice)
        }
        valueLength += 1
        switch meaning {
        case .text: return .attribute
        case .pathList: return .path
        case .closed(let advice): throw Mistake(offset: offset, message: advice)
        case .url, .path:
            valueIsWhole = true
            return meaning == .url ? .url : .path
        }
    }

    /// Components and slots print markup, so they stand in text only.
    mutating func requireText(at offset: Int, _ what: String) throws {
        guard state == .text else {
            throw Mistake(
                offset: offset, message: "\(what) prints elements, so it stands between elements, not inside a tag or plain text")
        }
        keepFirstLineEnd()
    }

    mutating func keepFirstLineEnd() {
        if dropsLineEnd { output.append(10) }
        dropsLineEnd = false
    }
}

// MARK: - Blocks

extension HTMLScanner {
    /// The place at which a block begins and each of its branches must end.
    struct Mark {
        fileprivate var state: State
        fileprivate var open: [Element]
        fileprivate var barrier: Int
        fileprivate var element: Element
        fileprivate var attribute: Element
        fileprivate var gap: Bool
    }

    mutating func beginBlock(at offset: Int) throws -> Mark {
        try settle(offset)
        keepFirstLineEnd()
        let mark = Mark(state: state, open: open, barrier: barrier, element: element, attribute: attribute, gap: gap)
        barrier = open.count
        return mark
    }

    /// Goes back to where the block began, for its next branch.
    mutating func restart(_ mark: Mark) {
        gap = mark.gap
    }

    mutating func endBranch(_ mark: Mark, at offset: Int) throws {
        try settle(offset)
        if let unclosed = open.dropFirst(barrier).last {
            throw Mistake(offset: unclosed.at, message: "<\(unclosed.name)> is not closed in its block: add </\(unclosed.name)>")
        }
        guard state == mark.state, open == mark.open, element.name == mark.element.name || state != .betweenAttributes,
            attribute == mark.attribute || state == .text || state == .plainText || state == .betweenAttributes
        else {
            throw Mistake(
                offset: offset,
                message: "this block must end where it begins: whole elements, whole attributes or parts of one value")
        }
    }

    mutating func endBlock(_ mark: Mark) {
        barrier = mark.barrier
        element = mark.element
        gap = false
    }

    /// Content for a component begins and ends in text and closes what it opens.
    mutating func finish(at offset: Int) throws {
        if let unclosed = open.dropFirst(barrier).last {
            throw Mistake(offset: unclosed.at, message: "<\(unclosed.name)> is not closed: add </\(unclosed.name)>")
        }
        guard state == .text else { throw Mistake(offset: element.at, message: "this tag is not finished: add '>'") }
    }

    /// A name ends where a block begins or ends; everything after it needs a space.
    mutating func settle(_ offset: Int) throws {
        switch state {
        case .tagName: beginAttributes()
        case .attributeName:
            try finishName(offset)
            state = .betweenAttributes
            gap = false
        case .afterAttributeName: state = .betweenAttributes
        case .text, .plainText, .betweenAttributes: break
        case .value:
            let meaning = AttributeMeaning.of(attribute.name, in: element.name)
            if meaning != .text { throw Mistake(offset: offset, message: wholeValueAdvice) }
        case .raw: throw Mistake(offset: offset, message: rawValueAdvice)
        case .beforeValue:
            throw Mistake(offset: offset, message: "an attribute's value stands in quotes: \(attribute.name)=\"…\"")
        case .endTag: throw Mistake(offset: offset, message: "an end tag holds only the element's name")
        }
    }
}
