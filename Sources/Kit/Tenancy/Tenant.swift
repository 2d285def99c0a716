import Foundation

/// One company as the server sees it now: an immutable snapshot of its folder, with the id the database knows it by.
///
/// A request keeps the snapshot it started with, so it never sees half of a reload. Properties of the configuration are read
/// directly: `tenant.name`, `tenant.currency`, `tenant[FaultSettings.section]`.
@dynamicMemberLookup
public struct Tenant: Sendable {
    /// Given by the database once per slug and never reused.
    public let id: Int32
    public let configuration: TenantConfiguration

    public init(id: Int32, configuration: TenantConfiguration) {
        self.id = id
        self.configuration = configuration
    }

    public subscript<Value>(dynamicMember path: KeyPath<TenantConfiguration, Value>) -> Value { configuration[keyPath: path] }

    /// An area's part of the file, or the area's standard where the file says nothing.
    public subscript<Value>(section: TenantSection<Value>) -> Value { configuration[section] }

    public func role(_ key: String) -> Role? { configuration.role(key) }

    /// Whether a switch of `features:` is on.
    public func has(_ feature: String) -> Bool { configuration.features.contains(feature) }
}

/// What a tenant's folder says. A reference, so that handing it on costs one count.
public final class TenantConfiguration: Sendable {
    /// Name of the folder.
    public let slug: String
    public let name: String
    /// Lower case, without port; the first is the one links in mails use.
    public let hosts: [String]
    /// Language codes; the first is the default.
    public let locales: [String]
    public let timeZone: TimeZone
    public let currency: Currency
    public let brand: Brand
    /// In the order of the file.
    public let roles: [Role]
    /// Keys of the switches that are on.
    public let features: Set<String>
    /// 16 hex digits that change with any byte of the file or the logo.
    public let revision: String
    /// Texts of the company's own, by kind and language.
    let texts: [String: TextTemplate]
    private let sections: [String: any Sendable]
    private let rolesByKey: [String: Role]

    init(
        slug: String, base: TenantBase, brand: Brand, sections: [String: any Sendable], texts: [String: TextTemplate],
        revision: String
    ) {
        self.revision = revision
        self.texts = texts
        self.slug = slug
        name = base.name
        hosts = base.hosts
        locales = base.locales
        timeZone = base.timeZone
        currency = base.currency
        self.brand = brand
        roles = base.roles
        features = base.features
        self.sections = sections
        rolesByKey = Dictionary(base.roles.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript<Value>(section: TenantSection<Value>) -> Value {
        sections[section.key] as? Value ?? section.standard
    }

    public func role(_ key: String) -> Role? { rolesByKey[key] }
}
