/// The colours that hue and chroma become, in both themes, by the recipe of the design guide's tokens.
struct BrandColours: Sendable {
    /// A colour for each theme.
    struct Pair: Sendable {
        let light: OKLCH
        let dark: OKLCH
    }

    let hue: Double
    let chroma: Double
    /// Buttons, links, focus rings.
    let solid: Pair
    /// Quiet backgrounds, and text on them.
    let tint: Pair
    let text: Pair

    init(hue: Double, chroma: Double) {
        func colour(_ lightness: Double, _ share: Double) -> OKLCH {
            OKLCH(lightness: lightness, chroma: chroma * share, hue: hue).reduced
        }
        self.hue = hue
        self.chroma = chroma
        solid = Pair(light: colour(0.52, 1), dark: colour(0.74, 0.95))
        tint = Pair(light: colour(0.955, 0.22), dark: colour(0.285, 0.38))
        text = Pair(light: colour(0.43, 0.85), dark: colour(0.86, 0.62))
    }

    /// The chroma that fits into sRGB in every colour, for style sheets that mix further shades from hue and chroma.
    private var commonChroma: Double {
        [
            solid.light.chroma, solid.dark.chroma / 0.95, tint.light.chroma / 0.22, tint.dark.chroma / 0.38,
            text.light.chroma / 0.85,
            text.dark.chroma / 0.62
        ].min() ?? chroma
    }

    /// Hex first, for every browser that knows `light-dark()`; oklch where it is known, so that mixing stays even.
    var css: String {
        let pairs = [("--brand", solid), ("--brand-tint", tint), ("--brand-fg", text)]
        let hex = pairs.map { "\($0.0):light-dark(\($0.1.light.hex),\($0.1.dark.hex))" }
        let oklch = pairs.map { "\($0.0):light-dark(\($0.1.light.css),\($0.1.dark.css))" }
        return """
            :root{--brand-h:\(short(hue));--brand-c:\(short(commonChroma));\(hex.joined(separator: ";"))}
            @supports (color:oklch(0 0 0)){:root{\(oklch.joined(separator: ";"))}}

            """
    }
}
