/// A company's colour as two numbers, and its logo. Lightness is Portico's, so that contrast holds for every company.
public struct Brand: Sendable {
    /// OKLCH hue in degrees, 0 to 360.
    public let hue: Double
    /// OKLCH chroma, 0 to 0.14, as the tenant wrote it; colours are reduced into sRGB where it is too much.
    public let chroma: Double
    public let logo: Logo?
    /// 16 hex digits that change whenever colour, logo or our recipe change: part of addresses that are cached for ever.
    public let revision: String

    init(hue: Double, chroma: Double, logo: Logo?) {
        self.hue = hue
        self.chroma = chroma
        self.logo = logo
        revision = Fingerprint.hex(Array(BrandColours(hue: hue, chroma: chroma).css.utf8) + (logo?.svg ?? []))
    }

    /// Text of `/brand/<slug>-<revision>.css`.
    public var css: String { BrandColours(hue: hue, chroma: chroma).css }
}

/// `brand:` of the file, before the logo is read.
struct BrandSettings: Sendable {
    let hue: Double
    let chroma: Double
    let logo: String?

    static let schema = Schema<BrandSettings>.object(
        .required("hue", .number(0...360), "OKLCH hue in degrees: 25 red, 70 amber, 150 green, 240 blue, 300 violet."),
        .optional("chroma", .number(0...0.14), default: 0.14, "OKLCH chroma: 0 is grey, 0.14 as strong as contrast allows."),
        .optional("logo", .formatted(.svgFile), "An SVG file in this folder, at most 64 KiB."),
        make: BrandSettings.init)
}
