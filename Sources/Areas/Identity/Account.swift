import Audit
import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// A member as their own settings page shows them.
struct AccountRow: Record, Sendable {
    let name: String
    let email: String
    let roles: [String]
    let locale: String?
    let timeZone: String?
    let theme: String
    let density: String
    let version: Int

    init(row: Row) throws {
        name = try row["name"]
        email = try row["email"]
        roles = try row["roles"]
        locale = try row["locale"]
        timeZone = try row["time_zone"]
        theme = try row["theme"]
        density = try row["density"]
        version = try row["version"]
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<AccountRow> {
        .one(
            """
            select name, email, roles, locale, time_zone, theme, density, version from app.member
             where tenant_id = \(tenant) and id = \(id)
            """
        )
    }

    var values: FormValues {
        FormValues(["name": name, "locale": locale ?? "", "time_zone": timeZone ?? "", "theme": theme, "density": density])
    }
}

extension AccountForm {
    func save(over member: AccountRow, _ tx: Tx) async throws {
        try await tx.execute(
            """
            update app.member
               set name = coalesce(\(name), name), locale = \(locale), time_zone = \(timeZone), theme = \(theme.rawValue),
                   density = coalesce(\(density?.rawValue), density), version = version + 1
             where tenant_id = \(tx.facts.tenant) and id = \(tx.facts.actor)
            """)
        try tx.audit(
            "member.settings_changed", "member", tx.facts.actor,
            AuditChange(
                before: [
                    "name": member.name, "locale": member.locale, "timeZone": member.timeZone, "theme": member.theme,
                    "density": member.density
                ],
                after: [
                    "name": name ?? member.name, "locale": locale, "timeZone": timeZone, "theme": theme.rawValue,
                    "density": density?.rawValue ?? member.density
                ]))
    }
}

extension AccountPage {
    init(_ member: AccountRow, _ context: MemberContext, _ values: FormValues, _ problems: [FieldProblem]) {
        let t = IdentityMessages(context.language).account
        let errors = ProblemText.errors(problems, context.language)
        func field(_ name: String, _ label: String, standard: String, hint: String? = nil) -> Field {
            let value = values[name]
            return Field(
                name, label: label, value: value.isEmpty ? standard : value, hint: hint, error: errors.message(for: name),
                required: true)
        }
        self.init(
            action: "/account", errors: errors,
            facts: [
                Fact(t.email, member.email),
                Fact(t.role, context.tenant.titles(of: member.roles, language: context.language.rawValue))
            ],
            name: field("name", t.name, standard: ""),
            language: field("locale", t.locale, standard: context.language.rawValue),
            languages: context.tenant.locales.map { Choice($0, Language.name(of: $0)) },
            theme: field("theme", t.theme, standard: "auto"),
            themes: [Choice("auto", t.themeAuto), Choice("light", t.themeLight), Choice("dark", t.themeDark)],
            density: field("density", t.density, standard: "normal"),
            densities: [Choice("normal", t.densityNormal), Choice("compact", t.densityCompact)],
            timeZone: field("time_zone", t.timeZone, standard: context.tenant.timeZone.identifier, hint: t.timeZoneHint),
            timeZones: TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") }.sorted().map {
                Choice($0, $0.replacing("_", with: " "))
            },
            password: "/account/password", version: member.version)
    }
}

extension Language {
    /// A language's name in itself.
    package static func name(of code: String) -> String {
        switch Language(rawValue: code) {
        case .de: "Deutsch"
        case .en: "English"
        case nil: code
        }
    }
}

/// Whoever is signed in, for programs.
struct MeJSON: Codable, Sendable {
    let id: String
    let userId: String
    let name: String
    let email: String
    let roles: [String]
    let permissions: [String]
    let locale: String
    let tenant: String

    init(_ context: MemberContext) {
        id = context.memberID.text
        userId = context.memberID.text
        name = context.session.name
        email = context.session.email
        roles = context.session.roles
        permissions = context.rights.sorted()
        locale = context.language.rawValue
        tenant = context.tenant.slug
    }
}
