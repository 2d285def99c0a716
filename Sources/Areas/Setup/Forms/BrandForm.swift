import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

struct BrandDraft: Sendable {
    let name: String?
    let hue: Double
    let chroma: Double

    init(_ form: inout FormReader) {
        name = form.optionalText("name", .max(120))
        hue = form.number("hue", in: 0...360)
        chroma = form.number("chroma", in: 0...0.14)
    }
}

/// Name and colour, with the contrast that comes of it.
struct BrandForm: ConfigurationForm {
    let context: MemberContext

    init(_ context: MemberContext) {
        self.context = context
    }

    var address: WebPath { ConfigurationDesk.path(.brand) }

    func values(_ files: CompanyFiles) throws -> FormValues {
        let yaml = try editor(files)
        return FormValues([
            "name": yaml.scalar("name") ?? "", "hue": yaml.scalar("brand", "hue") ?? "",
            "chroma": yaml.scalar("brand", "chroma") ?? "0.14"
        ])
    }

    static func draft(_ form: inout FormReader, _ tenant: Tenant) -> BrandDraft { BrandDraft(&form) }

    func changes(_ draft: BrandDraft, _ files: CompanyFiles) throws -> [String: String?] {
        var yaml = try editor(files)
        if let name = draft.name, name != yaml.scalar("name") { try yaml.set(["name"], .text(name)) }
        for (key, value) in [("hue", draft.hue), ("chroma", draft.chroma)] {
            let now = yaml.scalar("brand", key).flatMap(Double.init) ?? (key == "chroma" ? 0.14 : .nan)
            if now != value { try yaml.set(["brand", key], .number(Self.digits(value))) }
        }
        return [TenantFile.name: yaml.text]
    }

    /// At most four decimals, as the file wants numbers: "0.12", "150".
    private static func digits(_ value: Double) -> String {
        let scaled = Int((value * 10_000).rounded())
        var fraction = String(scaled % 10_000)
        fraction = String(repeating: "0", count: 4 - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return String(scaled / 10_000) + (fraction.isEmpty ? "" : "." + fraction)
    }

    func json(_ files: CompanyFiles, base: String) throws -> BrandJSON {
        let values = try values(files)
        let (hue, chroma) = (Double(values["hue"]) ?? 0, Double(values["chroma"]) ?? 0)
        return BrandJSON(
            name: values["name"], hue: hue, chroma: chroma,
            contrast: Brand.contrast(hue: hue, chroma: chroma).map {
                .init(pair: $0.pair, ratio: ($0.ratio * 100).rounded() / 100, needed: $0.needed, isEnough: $0.isEnough)
            }, base: base)
    }

    func page(_ state: FormState) -> any Page {
        let desk = ConfigurationDesk(context)
        let (t, errors) = (desk.t.brand, desk.errors(state.problems))
        func field(_ name: String, _ label: String, _ hint: String) -> FormPart {
            FormPart(
                kind: .text,
                field: Field(
                    name, label: label, value: state.values[name], hint: hint, error: errors.message(for: name), required: true),
                inputmode: name == "name" ? "" : "decimal")
        }
        let parts = [field("name", t.name, t.nameHint), field("hue", t.hue, t.hueHint), field("chroma", t.chroma, t.chromaHint)]
        let number = { (name: String, range: ClosedRange<Double>) -> Double in
            Double(state.values[name].replacing(",", with: ".")).flatMap { range.contains($0) ? $0 : nil } ?? 0
        }
        return desk.form(
            .brand, lead: t.lead, state, [FormGroup(title: t.title, hint: t.logo, parts: parts)],
            contrast: desk.contrast(hue: number("hue", 0...360), chroma: number("chroma", 0...0.14)))
    }
}

extension ConfigurationDesk {
    func contrast(hue: Double, chroma: Double) -> ContrastPart {
        ContrastPart(
            source: "/admin/configuration/brand/contrast",
            rows: Brand.contrast(hue: hue, chroma: chroma).map { figure in
                // Cut, not rounded: 4.496 must not read as 4.50.
                let hundredths = Int(figure.ratio * 100)
                let rest = hundredths % 100
                let ratio = t.brand.ratio(whole: hundredths / 100, rest: rest < 10 ? "0\(rest)" : String(rest))
                return ContrastRow(
                    pair: t.brand.pair(pair: figure.pair.replacing(" ", with: "_"), raw: figure.pair), ratio: ratio,
                    verdict: figure.isEnough
                        ? Badge(t.brand.enough, tone: .ok, mark: .check) : Badge(t.brand.tooLittle, tone: .bad, mark: .triangle),
                    ink: figure.ink, paper: figure.paper)
            })
    }

    /// A page with a form that has only simple parts.
    func form(
        _ place: Place, lead: String, _ state: FormState, _ groups: [FormGroup], contrast: ContrastPart? = nil
    ) -> ConfigurationFormPage {
        let head = head(state)
        let fields = groups.flatMap { $0.parts.map(\.field) } + [head.reason]
        return ConfigurationFormPage(
            title: title(place), lead: lead, crumbs: crumbs(place), tabs: tabs(place), action: Self.path(place),
            errors: errors(state.problems).inOrder(of: fields), groups: groups, head: head, review: review(state.review),
            contrast: contrast, previews: [])
    }
}
