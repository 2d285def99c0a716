/// One tenant's folder, read: the configuration, and where its hosts stand for the question who claims them.
public struct TenantFile: Sendable {
    let configuration: TenantConfiguration
    /// Path of tenant.yaml as errors print it.
    let file: String
    let hostPlaces: [String: Position]

    public static let name = "tenant.yaml"

    /// The folder `<root>/<slug>`, or everything that is wrong with it.
    static func read(_ slug: String, root: String, rules: TenantRules) throws(TenantProblems) -> TenantFile {
        let folder = root + "/" + slug
        let file = folder + "/" + name
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(name, in: folder, limit: SourceText.maximumBytes)
        } catch {
            throw TenantProblems(slug, [TenantProblem(file: file, message: error.message)])
        }
        return try decode(
            bytes, slug: slug, file: file, rules: rules, texts: { TextFolder.read(folder, rules: rules, locales: $0) },
            logo: { logo throws(FileBytes.Failure) in try FileBytes.read(logo, in: folder, limit: Logo.maximumBytes) })
    }

    /// The bytes of a tenant.yaml; `texts` and `logo` fetch what stands beside it.
    static func decode(
        _ bytes: [UInt8], slug: String, file: String, rules: TenantRules,
        texts: (_ locales: [String]) -> TextFolder = { _ in TextFolder() },
        logo: (String) throws(FileBytes.Failure) -> [UInt8]
    ) throws(TenantProblems) -> TenantFile {
        let root: YAMLNode
        do {
            root = try YAMLReader.read(try SourceText.read(bytes, file: file), file: file)
        } catch {
            throw TenantProblems(slug, [error])
        }
        var reading = Reading(file: file, vocabulary: rules.vocabulary, root: root)
        let (base, sections) = read(root, rules, &reading)
        var picture: Logo?
        if let name = base?.brand.logo, let place = root["brand"]?["logo"]?.position {
            picture = reading.at("brand") { $0.at("logo") { read(name, at: place, beside: file, &$0, logo) } }
        }
        let own = texts(base?.locales ?? rules.vocabulary.languages)
        for problem in own.problems { reading.note(problem) }
        guard let base, reading.problems.isEmpty else { throw TenantProblems(slug, reading.problems) }
        let brand = Brand(hue: base.brand.hue, chroma: base.brand.chroma, logo: picture)
        let revision = Fingerprint.hex(bytes + Array(brand.revision.utf8) + Array(own.revision.utf8))
        return TenantFile(
            configuration: TenantConfiguration(
                slug: slug, base: base, brand: brand, sections: sections, texts: own.texts, revision: revision),
            file: file, hostPlaces: hostPlaces(root))
    }

    private static func read(
        _ root: YAMLNode, _ rules: TenantRules, _ reading: inout Reading
    ) -> (TenantBase?, [String: any Sendable]) {
        guard let entries = reading.mapping(root) else { return (nil, [:]) }
        let shape = TenantBase.shape(rules.vocabulary)
        reading.refuseUnknown(entries, known: shape.names + rules.sections.map(\.key))
        let base = shape.read(root, &reading)
        var values: [String: any Sendable] = [:]
        for section in rules.sections {
            guard let node = root[section.key] else { continue }
            values[section.key] = reading.at(section.key) { section.read(node, &$0) }
        }
        return (base, values)
    }

    private static func read(
        _ name: String, at place: Position, beside file: String, _ reading: inout Reading,
        _ fetch: (String) throws(FileBytes.Failure) -> [UInt8]
    ) -> Logo? {
        let bytes: [UInt8]
        do {
            bytes = try fetch(name)
        } catch {
            reading.refuse("\(quoted(name)): \(error.message)", at: place)
            return nil
        }
        do {
            return try Logo(fileName: name, bytes: bytes, file: String(file.dropLast(Self.name.count)) + name)
        } catch {
            reading.note(error)
            return nil
        }
    }

    private static func hostPlaces(_ root: YAMLNode) -> [String: Position] {
        guard case .list(let items)? = root["hosts"]?.content else { return [:] }
        var places: [String: Position] = [:]
        for item in items {
            if case .scalar(let host, _) = item.content { places[host] = item.position }
        }
        return places
    }
}

/// Everything that is wrong with one tenant, in the order of its file.
public struct TenantProblems: Error, Sendable, CustomStringConvertible {
    public let problems: [TenantProblem]

    init(_ tenant: String, _ problems: [TenantProblem]) {
        self.problems = problems.map { problem in
            var problem = problem
            problem.tenant = tenant
            return problem
        }.sorted { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
    }

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
