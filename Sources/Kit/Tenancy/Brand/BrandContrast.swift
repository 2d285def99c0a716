/// How readable a brand's colours are: figures for the brand preview, and what the tests hold over every hue.
public struct BrandContrast: Sendable {
    /// What stands on what, e.g. "white on button".
    public let pair: String
    /// WCAG 2.2 ratio, 1 to 21, of the colours as screens get them.
    public let ratio: Double
    /// 4.5 for text, 3 for icons and rings.
    public let needed: Double
    /// The two colours as screens get them, `#rrggbb`.
    public let ink: String
    public let paper: String

    public var isEnough: Bool { ratio >= needed }
}

extension Brand {
    public var contrast: [BrandContrast] { Self.contrast(hue: hue, chroma: chroma) }

    /// Of a brand that is only thought of.
    public static func contrast(hue: Double, chroma: Double) -> [BrandContrast] {
        BrandColours(hue: hue, chroma: chroma).contrast
    }
}

extension BrandContrast {
    init(_ pair: String, _ ink: OKLCH, on paper: OKLCH, needed: Double = 4.5) {
        self.init(pair: pair, ratio: paper.contrast(with: ink), needed: needed, ink: ink.hex, paper: paper.hex)
    }
}

extension BrandColours {
    var contrast: [BrandContrast] {
        let white = OKLCH(lightness: 1, chroma: 0, hue: 0)
        let canvas = OKLCH(lightness: 0.985, chroma: 0.003, hue: 255)
        let darkSurface = OKLCH(lightness: 0.225, chroma: 0.013, hue: 255)
        let darkButtonText = OKLCH(lightness: 0.185, chroma: 0.012, hue: 255)
        return [
            BrandContrast("white on button", white, on: solid.light),
            BrandContrast("brand on canvas", solid.light, on: canvas),
            BrandContrast("brand on dark surface", solid.dark, on: darkSurface),
            BrandContrast("dark text on dark button", darkButtonText, on: solid.dark),
            BrandContrast("text on tint", text.light, on: tint.light),
            BrandContrast("text on dark tint", text.dark, on: tint.dark)
        ]
    }
}
