/// Translates one template into Swift.
///
/// A template is HTML with tags that hold Swift. The first tag says what the file is:
///
///     {{ page FaultsPage }}                        a struct of the module, which becomes a `Page`; inside: page, view, t
///     {{ component card(title: String) }}          a method of `HTML`; inside: its parameters, view, t
///
/// Then, anywhere:
///
///     {{ import Property }}                        a module whose type names this file writes
///     {{ layout app(title: t.title) }}             pages, directly after the first tag: wraps the rest of the file
///     {{ page.title }}                             any expression, escaped for the place it stands in
///     {{! a comment }}
///     {{ #let count = page.lines.count }}          a constant up to the end of its block
///     {{ #if let note = page.note }}…{{ else if page.isNew }}…{{ else }}…{{ /if }}
///     {{ #for line in page.lines }}…{{ else }}when there is none{{ /for }}
///     {{> badge(line.state, tone: .ok) }}          calls a component of this module or of UI
///     {{ #> card(title: t.form.title) }}content{{ #slot actions }}…{{ /slot }}{{ /> }}
///     {{ slot }}  {{ slot actions }}               in a component: what the caller wrote there
///     {{ #if has(actions) }}…{{ /if }}             whether the caller filled it
///
/// `t` is the module's messages (`messages.yaml`) in the reader's language. Addresses (`href`, `src`, `action` …) take only
/// `WebPath` or `SafeURL`, as their whole value. `#if` and `#for` may also stand between attributes and inside a quoted value;
/// each branch ends in the state of HTML in which it began. Expressions are refused wherever escaping cannot make them safe:
/// names, unquoted values, comments, `<script>`, `<style>`, `style=`, `on…=`.
///
/// The generated Swift stands at the template's own lines and columns (`#sourceLocation` and padding).
enum TemplateTranslator {
    /// - Parameters:
    ///   - source: the template's text.
    ///   - file: its path, as errors and `#sourceLocation` shall show it.
    ///   - module: the Swift module that the code is compiled into, such as `Faults`.
    /// - Throws: `Diagnostics` with every mistake that was found.
    static func translate(source: String, file: String, module: String) throws -> String {
        do {
            let text = try SourceText(source, file: file)
            do {
                return try translate(text, module: module)
            } catch let mistake as Mistake {
                throw text.diagnostic(mistake)
            }
        } catch let diagnostic as Diagnostic {
            throw Diagnostics(list: [diagnostic])
        }
    }

    private static func translate(_ source: SourceText, module: String) throws -> String {
        let template = try TemplateParser.parse(source)
        var writer = TemplateWriter(source, template)
        var mistakes: [Mistake] = []
        do { try writer.write() } catch let mistake as Mistake { mistakes.append(mistake) }
        mistakes += writer.mistakes
        guard mistakes.isEmpty else {
            throw Diagnostics(list: mistakes.sorted { $0.offset < $1.offset }.map { source.diagnostic($0) })
        }
        return try TemplateFile(source: source, template: template, writer: writer, module: module).swift()
    }
}

/// The Swift file around the translated body.
private struct TemplateFile {
    let source: SourceText
    let template: Template
    let writer: TemplateWriter
    let module: String

    func swift() throws -> String {
        var file = SwiftCode(source)
        let name = source.file.split(separator: "/").suffix(3).joined(separator: "/")
        file.line("// Made from \(name) by TemplateCompiler. Change the template, not this file.")
        file.line("import HTML")
        if module != "UI" { file.line("import UI") }
        for range in template.modules { file.copy(range, before: ["import "], after: "") }
        switch template.kind {
        case .page(let type): page(type, in: &file)
        case .component(let call): try component(call, in: &file)
        }
        constants(in: &file)
        file.append(writer.code)
        file.line("}\n}")
        file.line("#sourceLocation()")
        return file.text
    }

    private func page(_ type: Range<Int>, in file: inout SwiftCode) {
        file.copy(type, before: ["extension "], after: ": Page {")
        file.line("package func render(into out: inout HTML, _ view: View) {")
        if writer.code.words.contains("page") { file.line("let page = self") }
    }

    /// Methods of `HTML` that the generated code calls; a component of that name would hide them.
    private static let reserved: Set<String> = [
        "raw", "text", "attribute", "url", "path", "buffer", "string", "has", "init", "self"
    ]

    private func component(_ call: Tag.Call, in file: inout SwiftCode) throws {
        let name = source.string(call.name)
        if Self.reserved.contains(name) {
            throw source.diagnostic(
                Mistake(offset: call.name.lowerBound, message: "'\(name)' is a method of HTML: give the component another name"))
        }
        let others = writer.slots.subtracting(["content"]).sorted()
        let slots = (writer.slots.contains("content") ? ["content"] : []) + others
        let isEmpty = source.trimmed(call.arguments).isEmpty
        file.line("extension HTML {")
        file.copy(
            call.arguments, before: ["package mutating func \(name)(_ view: View\(isEmpty ? "" : ", ")"],
            after: slots.map { ", \($0): HTML.Slot? = nil" }.joined() + ") {")
    }

    private func constants(in file: inout SwiftCode) {
        if writer.code.words.contains("t") {
            file.line("let t = \(module)Messages(view.language)")
            file.line("_ = t")
        }
        if writer.callsComponents { file.line("let _v = view") }
    }
}
