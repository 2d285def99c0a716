import Foundation
import HTML
import Testing
import UI

@Suite("Every page of the gallery has the shape that browsers and assistive technology need")
struct PageShapeTests {
    static let cases = Language.allCases.flatMap { language in PageSamples.all.map { (language, $0) } }

    static func render(_ sample: PageSample, _ language: Language, theme: Theme = .auto) -> String {
        var view = sample.signedIn ? ViewSamples.manager(language, theme: theme) : ViewSamples.visitor(language, theme: theme)
        view.problem = sample.problem
        return sample.page.rendered(view).string
    }

    @Test("it has one h1, one main, a language and a title", arguments: cases)
    func outline(language: Language, sample: PageSample) {
        let html = Self.render(sample, language)
        #expect(html.count(of: "<h1") == 1)
        #expect(html.count(of: "<main") == 1)
        #expect(html.contains("<html lang=\"\(language.rawValue)\""))
        #expect(html.contains("<title>\(sample.problem ? (language == .en ? "Error: " : "Fehler: ") : "")"))
    }

    @Test("no id stands twice, and what labels and describes exists", arguments: cases)
    func ids(language: Language, sample: PageSample) {
        let html = Self.render(sample, language)
        let ids = html.values(of: "id")
        #expect(Set(ids).count == ids.count, "twice: \(ids.filter { id in ids.count { $0 == id } > 1 })")
        let wanted = ["for", "aria-labelledby", "aria-describedby", "popovertarget"].flatMap { html.values(of: $0) }
        for id in wanted.flatMap({ $0.split(separator: " ").map(String.init) }) {
            #expect(ids.contains(id), "nothing has the id \(id)")
        }
    }

    @Test("every form that changes something carries its token and key", arguments: cases)
    func forms(language: Language, sample: PageSample) {
        let forms = Self.render(sample, language).components(separatedBy: "<form").dropFirst().filter {
            $0.contains("method=\"post\"")
        }
        for form in forms {
            let body = form.components(separatedBy: "</form>")[0]
            #expect(body.contains("name=\"csrf_token\" value=\"c5rf\""))
            #expect(body.contains("name=\"form_key\" value=\"k3y\""))
        }
    }

    @Test("it needs no inline script or style", arguments: cases)
    func noInline(language: Language, sample: PageSample) {
        let html = Self.render(sample, language)
        #expect(!html.contains(" style="))
        #expect(!html.contains("<style"))
        #expect(html.count(of: "<script") == html.count(of: "<script type=\"module\" src="))
    }

    /// `PORTICO_GALLERY=folder swift test --filter gallery` writes every page for looking at it and for axe.
    @Test(
        "the gallery is written where it is asked for",
        .enabled(if: ProcessInfo.processInfo.environment["PORTICO_GALLERY"] != nil))
    func gallery() throws {
        let folder = URL(filePath: ProcessInfo.processInfo.environment["PORTICO_GALLERY"] ?? "")
        for sample in PageSamples.all {
            for language in Language.allCases {
                for theme in [Theme.light, .dark] {
                    let html = Self.render(sample, language, theme: theme)
                    try Data(html.utf8).write(
                        to: folder.appending(path: "\(sample.name)-\(language.rawValue)-\(theme.rawValue).html"))
                }
            }
        }
    }
}

extension String {
    fileprivate func count(of part: String) -> Int {
        components(separatedBy: part).count - 1
    }

    /// The values of an attribute, in order.
    fileprivate func values(of attribute: String) -> [String] {
        components(separatedBy: " \(attribute)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }
}
