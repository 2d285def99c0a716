/// What a template must know about HTML's own names.
enum Elements {
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"
    ]

    /// Their content is no markup: browsers read it as text up to the end tag.
    static let raw: Set<String> = ["script", "style", "iframe"]
    static let plainText: Set<String> = ["textarea", "title"]

    static let preformatted: Set<String> = ["pre", "textarea", "listing"]

    /// Inside these, `<path/>` is a whole element.
    static let foreign: Set<String> = ["svg", "math"]
    static let drawing: Set<String> = [
        "path", "circle", "ellipse", "line", "polygon", "polyline", "rect", "use", "stop"
    ]

    static let refused: [String: String] = [
        "plaintext": "nothing can close it", "xmp": "use <pre>", "noembed": "it is obsolete", "noframes": "it is obsolete",
        "frameset": "it is obsolete", "param": "it is obsolete", "marquee": "it is obsolete",
        "set": "it changes attributes behind the checks", "animate": "it changes attributes behind the checks",
        "animatemotion": "use CSS", "animatetransform": "use CSS"
    ]

    /// Their start tag silently closes an open <p>.
    static let closesParagraph: Set<String> = [
        "address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figcaption", "figure",
        "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "main", "menu", "nav", "ol", "p", "pre", "search",
        "section", "table", "ul"
    ]

    /// An open <p> outside these does not matter to what stands inside.
    static let paragraphScope: Set<String> = ["button", "caption", "object", "table", "td", "template", "th", "svg", "math"]

    /// Browsers do not nest these; the second start tag closes or is ignored.
    static let neverNested: Set<String> = ["a", "button", "form"]
}

/// What an attribute's value means to the browser.
enum AttributeMeaning: Equatable {
    case text
    /// Followed when a person acts: a link, an image, a form's target.
    case url
    /// Runs or is drawn inside the page, so it must be this site's own.
    case path
    /// A list of such addresses with sizes.
    case pathList
    /// Takes no expression; the text says why and what to do.
    case closed(String)

    private static let urls: Set<String> = [
        "href", "src", "action", "formaction", "poster", "data", "cite", "background", "manifest", "longdesc", "ping",
        "xlink:href"
    ]
    private static let embedding: Set<String> = ["script", "iframe", "embed", "object", "use", "image", "feimage", "track"]

    static func of(_ attribute: String, in element: String) -> AttributeMeaning {
        switch attribute {
        case "style": .closed("inline styles are blocked by the content security policy: use a class, or <meter> for bars")
        case "srcdoc": .closed("srcdoc is a page inside an attribute: use src with a WebPath")
        case _ where attribute.hasPrefix("on"):
            .closed("event attributes are blocked by the content security policy: put data-… here and listen in a module")
        case "content" where element == "meta", "http-equiv": .closed("write this value literally")
        case "href" where element == "base": .closed("<base> would move every address of the page: write it literally")
        case "srcset", "imagesrcset": .pathList
        case _ where urls.contains(attribute): embedding.contains(element) ? .path : .url
        default: .text
        }
    }
}
