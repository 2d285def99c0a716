/// Writes the allowed part of a picture, in our own spelling.
struct SVGWriter {
    private var output = ""
    private var open: [String] = []
    private var elements = 0
    /// Depth inside a dropped element; 0 outside.
    private var dropping = 0
    private var isDone = false

    mutating func add(_ tag: SVGTags.Tag) throws(SVG.Refusal) {
        switch tag {
        case .open(let name, let attributes, let isClosed, let position):
            try start(name, attributes, isClosed, position)
        case .close(let name, let position): try end(name, position)
        case .text(let text, let position): try words(text, position)
        }
    }

    func finish(at position: Position) throws(SVG.Refusal) -> String {
        if let name = open.last { throw SVG.Refusal(message: "<\(name)> has no end", position: position) }
        guard isDone else { throw SVG.Refusal(message: "the file holds no <svg> picture", position: .start) }
        return output + "\n"
    }

    private mutating func start(
        _ name: String, _ attributes: [SVGTags.Attribute], _ isClosed: Bool, _ position: Position
    ) throws(SVG.Refusal) {
        try count(position)
        if open.isEmpty { try checkRoot(name, attributes, position) }
        let isDropped = dropping > 0 || SVGRules.dropped.contains(name) || name.contains(":")
        if isDropped {
            try refuseActive(name, position)
            if !isClosed { dropping += 1 }
        } else {
            try refuseUnknown(name, position)
            output += "<\(name)"
            for attribute in try allowed(attributes, of: name) { output += " \(attribute.key)=\"\(escaped(attribute.value))\"" }
            output += isClosed ? "/>" : ">"
        }
        if isClosed { isDone = open.isEmpty } else { open.append(name) }
    }

    private mutating func count(_ position: Position) throws(SVG.Refusal) {
        elements += 1
        if isDone { throw SVG.Refusal(message: "nothing may follow </svg>", position: position) }
        guard elements <= SVG.maximumElements, open.count < SVG.maximumDepth else {
            let limits = "at most \(SVG.maximumElements) elements, \(SVG.maximumDepth) deep"
            throw SVG.Refusal(message: "the picture is too complex: \(limits)", position: position)
        }
    }

    private func refuseUnknown(_ name: String, _ position: Position) throws(SVG.Refusal) {
        guard !SVGRules.elements.contains(name) else { return }
        try refuseActive(name, position)
        let allowed = SVGRules.elements.sorted().joined(separator: ", ")
        throw SVG.Refusal(message: "<\(name)> is not allowed. Allowed: \(allowed)", position: position)
    }

    private func checkRoot(_ name: String, _ attributes: [SVGTags.Attribute], _ position: Position) throws(SVG.Refusal) {
        let names = Set(attributes.map(\.name))
        guard name == "svg", names.contains("xmlns") else {
            throw SVG.Refusal(
                message: "the picture must begin with <svg xmlns=\"http://www.w3.org/2000/svg\" …>", position: position)
        }
        guard names.contains("viewBox") || (names.contains("width") && names.contains("height")) else {
            throw SVG.Refusal(message: "<svg> needs a viewBox, or width and height, to be scaled", position: position)
        }
    }

    private func refuseActive(_ name: String, _ position: Position) throws(SVG.Refusal) {
        let local = name.split(separator: ":").last.map { $0.lowercased() } ?? ""
        if [
            "script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "image", "style", "a", "animate", "set"
        ].contains(local) {
            throw SVG.Refusal(
                message: "<\(name)> is not allowed: a logo holds shapes, colours and words only", position: position)
        }
    }

    private typealias Kept = (key: String, value: String)

    private func allowed(_ attributes: [SVGTags.Attribute], of element: String) throws(SVG.Refusal) -> [Kept] {
        var kept: [Kept] = []
        for attribute in attributes {
            for (name, value) in try plain(attribute, of: element) {
                if let refusal = SVGRules.refusal(name, value) {
                    throw SVG.Refusal(message: "\(name) \(refusal)", position: attribute.position)
                }
                kept.removeAll { $0.key == name }
                kept.append((name, value))
            }
        }
        return kept
    }

    /// The attribute as plain presentation attributes: none when it has no effect, several for `style`.
    private func plain(_ attribute: SVGTags.Attribute, of element: String) throws(SVG.Refusal) -> [Kept] {
        let name = attribute.name
        if name.lowercased().hasPrefix("on") {
            throw SVG.Refusal(message: "\(name): event attributes are not allowed", position: attribute.position)
        }
        if name == "style" { return try declarations(attribute) }
        if SVGRules.isDropped(name) { return [] }
        guard SVGRules.attributes.contains(name) || SVGRules.properties.contains(name) else {
            throw SVG.Refusal(message: "the attribute \(name) is not allowed in <\(element)>", position: attribute.position)
        }
        return [(name == "xlink:href" ? "href" : name, attribute.value)]
    }

    /// `style="fill:#fff"` becomes `fill="#fff"`: the same picture, without a style for a content security policy to refuse.
    private func declarations(_ attribute: SVGTags.Attribute) throws(SVG.Refusal) -> [Kept] {
        var kept: [Kept] = []
        for declaration in attribute.value.split(separator: ";") {
            let parts = declaration.split(separator: ":", maxSplits: 1).map { trimmed($0) }
            guard parts.count == 2, !parts[0].hasPrefix("-") else { continue }  // "-inkscape-…" has no effect
            guard SVGRules.properties.contains(parts[0]) else {
                throw SVG.Refusal(
                    message: "style: the property \(printable(parts[0])) is not allowed", position: attribute.position)
            }
            kept.append((parts[0], parts[1]))
        }
        return kept
    }

    private mutating func end(_ name: String, _ position: Position) throws(SVG.Refusal) {
        guard open.last == name else {
            throw SVG.Refusal(message: "</\(name)> closes nothing that is open here", position: position)
        }
        open.removeLast()
        if dropping > 0 {
            dropping -= 1
        } else {
            output += "</\(name)>"
        }
        isDone = open.isEmpty
    }

    private mutating func words(_ text: String, _ position: Position) throws(SVG.Refusal) {
        guard dropping == 0 else { return }
        if text.unicodeScalars.allSatisfy({ $0.properties.isWhitespace }) {
            if let last = open.last, ["text", "tspan"].contains(last) { output += " " }
            return
        }
        guard let last = open.last, ["text", "tspan", "title", "desc"].contains(last) else {
            throw SVG.Refusal(message: "words may only stand in <text>, <title> and <desc>", position: position)
        }
        output += escaped(text)
    }

    private func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
