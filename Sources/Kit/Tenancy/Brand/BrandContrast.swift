/// How readable a brand's colours are: figures for the brand preview, and what the tests hold over every hue.
public struct BrandContrast: Sendable {
    /// What stands on what, e.g. "white on button".
    public let pair: String
    /// WCAG 2.2 ratio, 1 to 21, of the colours as screens get them.
    public let ratio: Double
    /// 4.5 for text, 3 for icons and rings.
    public let needed: Double

    public var isEnough: Bool { ratio >= needed }
}

extension Brand {
    public var contrast: [BrandContrast] { BrandColours(hue: hue, chroma: chroma).contrast }
}

extension BrandColours {
    var contrast: [BrandContrast] {
        let white = OKLCH(lightness: 1, chroma: 0, hue: 0)
        let canvas = OKLCH(lightness: 0.985, chroma: 0.003, hue: 255)
        let darkSurface = OKLCH(lightness: 0.225, chroma: 0.013, hue: 255)
        let darkButtonText = OKLCH(lightness: 0.185, chroma: 0.012, hue: 255)
        return [
            BrandContrast(pair: "white on button", ratio: white.contrast(with: solid.light), needed: 4.5),
            BrandContrast(pair: "brand on canvas", ratio: canvas.contrast(with: solid.light), needed: 4.5),
            BrandContrast(pair: "brand on dark surface", ratio: darkSurface.contrast(with: solid.dark), needed: 4.5),
            BrandContrast(pair: "dark text on dark button", ratio: darkButtonText.contrast(with: solid.dark), needed: 4.5),
            BrandContrast(pair: "text on tint", ratio: text.light.contrast(with: tint.light), needed: 4.5),
            BrandContrast(pair: "text on dark tint", ratio: text.dark.contrast(with: tint.dark), needed: 4.5)
        ]
    }
}
