import Testing

@testable import Tenancy

@Suite("Brand")
struct BrandTests {
    @Test("Contrast holds over every hue and chroma, at least as the design guide's table says")
    func contrast() {
        var worst: [String: Double] = [:]
        for hue in stride(from: 0.0, through: 360, by: 1) {
            for chroma in [0, 0.02, 0.05, 0.08, 0.1, 0.12, 0.14] {
                for figure in BrandColours(hue: hue, chroma: chroma).contrast {
                    #expect(figure.isEnough)
                    worst[figure.pair] = min(worst[figure.pair] ?? 21, figure.ratio)
                }
            }
        }
        let table = [
            "white on button": 5.15, "brand on canvas": 4.93, "brand on dark surface": 6.94, "dark text on dark button": 7.57
        ]
        for (pair, ratio) in table { #expect((worst[pair] ?? 0) >= ratio - 0.005, "\(pair): \(worst[pair] ?? 0)") }
        #expect((worst["text on tint"] ?? 0) >= 6.75 && (worst["text on dark tint"] ?? 0) >= 9.18, "\(worst)")
    }

    @Test(
        "Colours are what browsers compute",
        arguments: [
            (0.628, 0.25768, 29.234, "#ff0000"), (0.86644, 0.29483, 142.495, "#00ff00"), (0.45201, 0.31321, 264.052, "#0000ff"),
            (1.0, 0, 0, "#ffffff"), (0.0, 0, 0, "#000000"), (0.5, 0, 0, "#636363")
        ])
    func conversion(lightness: Double, chroma: Double, hue: Double, hex: String) {
        #expect(OKLCH(lightness: lightness, chroma: chroma, hue: hue).hex == hex)
    }

    @Test("The style sheet holds hex and oklch for both themes")
    func css() {
        #expect(
            BrandColours(hue: 150, chroma: 0.12).css == """
                :root{--brand-h:150;--brand-c:.12;--brand:light-dark(#287c42,#73bf84);--brand-tint:light-dark(#e4f6e7,#18301e);--brand-fg:light-dark(#1a5f30,#afdfb8)}
                @supports (color:oklch(0 0 0)){:root{--brand:light-dark(oklch(.52 .12 150),oklch(.74 .114 150));--brand-tint:light-dark(oklch(.955 .0264 150),oklch(.285 .0456 150));--brand-fg:light-dark(oklch(.43 .102 150),oklch(.86 .0744 150))}}

                """)
    }

    @Test("Chroma that sRGB does not have is reduced; lightness stays")
    func reduced() {
        let colours = BrandColours(hue: 195, chroma: 0.14)
        #expect(colours.solid.light.chroma < 0.1 && colours.solid.light.lightness == 0.52)
        #expect(colours.css.contains("--brand-c:.0"))
    }

    @Test("The revision changes with colour and logo")
    func revision() throws {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>"
        let logo = try Logo(fileName: "logo.svg", bytes: Array(svg.utf8), file: "x/logo.svg")
        let revisions = [
            Brand(hue: 1, chroma: 0.1, logo: nil), Brand(hue: 2, chroma: 0.1, logo: nil), Brand(hue: 1, chroma: 0.1, logo: logo)
        ]
        .map(\.revision)
        #expect(Set(revisions).count == 3 && revisions.allSatisfy { $0.count == 16 })
    }
}
