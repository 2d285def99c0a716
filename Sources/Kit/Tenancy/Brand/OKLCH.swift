import Foundation

/// A colour by perceived lightness (0 to 1), chroma and hue in degrees. Formulas: Björn Ottosson, "A perceptual color space for
/// image processing" (2020), as CSS Color 4 uses them.
struct OKLCH: Sendable, Hashable {
    var lightness: Double
    var chroma: Double
    var hue: Double

    /// Linear sRGB; channels outside 0…1 cannot be shown.
    private var linear: [Double] {
        let angle = hue * .pi / 180
        let (a, b) = (chroma * cos(angle), chroma * sin(angle))
        let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
        let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
        let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
        return [
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
        ]
    }

    private var isInSRGB: Bool { linear.allSatisfy { $0 >= -0.0001 && $0 <= 1.0001 } }

    /// The same lightness and hue with as much of the chroma as sRGB has. Browsers would clip channels instead, which changes
    /// lightness and with it the contrast.
    var reduced: OKLCH {
        if isInSRGB { return self }
        var (low, high) = (0.0, chroma)
        for _ in 0..<24 {
            let middle = (low + high) / 2
            if OKLCH(lightness: lightness, chroma: middle, hue: hue).isInSRGB { low = middle } else { high = middle }
        }
        return OKLCH(lightness: lightness, chroma: low, hue: hue)
    }

    /// Eight bits per channel, as screens get it.
    var bytes: [UInt8] {
        linear.map { channel in
            let value = min(1, max(0, channel))
            let encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
            return UInt8((encoded * 255).rounded())
        }
    }

    var hex: String {
        "#" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// CSS notation: `oklch(.52 .11 150)`.
    var css: String { "oklch(\(short(lightness)) \(short(chroma)) \(short(hue)))" }

    /// Relative luminance of WCAG 2.2 of the rounded colour, 0 to 1.
    var luminance: Double {
        let channels = bytes.map { byte in
            let value = Double(byte) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return zip(channels, [0.2126, 0.7152, 0.0722]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Contrast ratio of WCAG 2.2, 1 to 21.
    func contrast(with other: OKLCH) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }
}

private func cube(_ value: Double) -> Double { value * value * value }

/// At most four decimals, no zero before the point or after the last digit.
func short(_ value: Double) -> String {
    let scaled = Int((abs(value) * 10_000).rounded())
    var fraction = String(scaled % 10_000)
    fraction = String(repeating: "0", count: 4 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let whole = scaled / 10_000
    let text = fraction.isEmpty ? String(whole) : (whole == 0 ? "" : String(whole)) + "." + fraction
    return value < 0 && scaled != 0 ? "-" + text : text
}
