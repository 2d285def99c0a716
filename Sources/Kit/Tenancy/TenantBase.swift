import Foundation

/// The keys that every tenant's file has, before any area's section.
struct TenantBase: Sendable {
    let name: String
    let hosts: [String]
    let locales: [String]
    let timeZone: TimeZone
    let currency: Currency
    let brand: BrandSettings
    let roles: [Role]
    let features: Set<String>

    static func shape(_ vocabulary: Vocabulary) -> Shape<TenantBase> {
        Shape(
            .required("name", .text(1...120), "The company's name, as it stands on pages and letters."),
            .required("hosts", .distinct(.formatted(.host), count: 1...20), "Host names; the first one is used in links."),
            .required("locales", .distinct(.choice(\.languages), count: 1...20), "Languages; the first one is the default."),
            .required("timeZone", .timeZone, "IANA name, e.g. Europe/Berlin."),
            .required("currency", .currency, "ISO 4217 code, e.g. EUR."),
            .required("brand", BrandSettings.schema, "The company's colour and logo."),
            .required("roles", roles, "Who may do what; keys are yours, permissions are Portico's."),
            .optional("features", features(vocabulary.features), default: standard(vocabulary.features), "Switches."),
            make: TenantBase.init)
    }

    private static let roles = Schema<Keyed<Role.Body>>.keyed(of: Role.Body.schema, count: 1...50).map { roles in
        roles.map { Role(key: $0.key, title: $0.value.title, permissions: Set($0.value.permissions), isStaff: $0.value.isStaff) }
    }

    private static func standard(_ features: [Feature]) -> Set<String> { Set(features.filter(\.isOnByDefault).map(\.key)) }

    private static func features(_ features: [Feature]) -> Schema<Set<String>> {
        Schema(json: { vocabulary in
            let properties = features.map { feature in
                JSON.Member(
                    key: feature.key,
                    value: Schema<Bool>.toggle.json(vocabulary).adding("description", .string(feature.description))
                        .adding("default", .bool(feature.isOnByDefault)))
            }
            return .object(["type": .string("object"), "properties": .object(properties), "additionalProperties": .bool(false)])
        }) { node, reading in
            guard let entries = reading.mapping(node) else { return nil }
            reading.refuseUnknown(entries, known: features.map(\.key))
            var on = standard(features)
            for entry in entries {
                guard let value = reading.at(entry.key, { Schema<Bool>.toggle.read(entry.value, &$0) }) else { continue }
                if value { on.insert(entry.key) } else { on.remove(entry.key) }
            }
            return on
        }
    }
}
