import Foundation

/// The texts in `tenants/<slug>/notices`: `<kind>.<language>.mustache`.
struct TextFolder {
    static let name = "notices"

    /// By kind and language, `fault.assigned.de`.
    var texts: [String: TextTemplate] = [:]
    var problems: [TenantProblem] = []
    /// Changes with any byte of any text.
    var revision = ""

    /// Reads what is there; nothing is not a mistake.
    static func read(_ folder: String, rules: TenantRules, locales: [String]) -> TextFolder {
        var found = TextFolder()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + name))?.sorted() ?? []
        for file in names where file.hasSuffix(".mustache") {
            let path = "\(folder)/\(name)/\(printable(file))"
            do {
                let bytes = try FileBytes.read("\(name)/\(file)", in: folder, limit: TextTemplate.maximumBytes)
                found.add(String(file.dropLast(".mustache".count)), bytes, path, rules, locales)
            } catch {
                found.problems.append(TenantProblem(file: path, message: error.message))
            }
        }
        return found
    }

    /// The same, of files that are not there yet.
    static func read(_ files: CompanyFiles, rules: TenantRules, locales: [String]) -> TextFolder {
        var found = TextFolder()
        for path in files.names where path.hasPrefix(name + "/") {
            let stem = String(path.dropFirst(name.utf8.count + 1).dropLast(".mustache".utf8.count))
            found.add(stem, Array((files[path] ?? "").utf8), path, rules, locales)
        }
        return found
    }

    private mutating func add(_ name: String, _ bytes: [UInt8], _ path: String, _ rules: TenantRules, _ locales: [String]) {
        let parts = name.split(separator: ".")
        let kind = parts.dropLast().joined(separator: ".")
        guard let known = rules.texts.first(where: { $0.name == kind }) else {
            let kinds = rules.texts.map(\.name)
            problems.append(
                TenantProblem(
                    file: path, message: "there is no notice \(quoted(kind)); the name must be <notice>.<language>.mustache",
                    suggestion: suggestion(for: kind, among: kinds), allowed: kinds))
            return
        }
        guard let language = parts.last, locales.contains(String(language)) else {
            problems.append(
                TenantProblem(file: path, message: "the company does not speak that language", allowed: locales))
            return
        }
        do {
            texts[name] = try TextTemplate(bytes, fields: Array(known.samples.keys))
            revision += Fingerprint.hex(bytes)
        } catch {
            problems.append(
                TenantProblem(file: path, position: error.position, message: error.message, suggestion: error.suggestion))
        }
    }
}

extension TenantConfiguration {
    /// The company's own text for a notice; nil means the standard one.
    public func text(_ kind: String, _ language: String) -> TextTemplate? { texts["\(kind).\(language)"] }
}
