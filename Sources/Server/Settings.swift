import Database
import Foundation
import Web

/// What the operator sets, all from the environment; README lists every name.
struct Settings: Sendable {
    enum Environment: String, Sendable { case development, test, production }

    let environment: Environment
    let databaseURL: String
    /// Superuser, only for `portico migrate`.
    let adminURL: String?
    let ticketKey: TicketKey
    let secret: Secret
    let port: Int
    let address: String
    /// Where everything lives that the server writes: photos, spool.
    let folder: URL
    /// Where `Templates`, `Public`, `Migrations` and `tenants` stand.
    let home: URL
    let poolSize: Int
    let logLevel: String
    let web: WebSettings
    let mail: MailSettings

    /// - Throws: `SettingsError` that names the variable and what it must be.
    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let read = SettingsReader(environment: environment)
        guard let kind = Environment(rawValue: read.text("PORTICO_ENV") ?? "development") else {
            throw SettingsError("PORTICO_ENV must be development, test or production")
        }
        self.environment = kind
        folder = URL(filePath: read.text("PORTICO_VAR") ?? "var")
        home = URL(filePath: read.text("PORTICO_HOME") ?? FileManager.default.currentDirectoryPath)
        databaseURL = try read.required(
            "PORTICO_DATABASE_URL", "the database's URL without a user, e.g. postgresql:///portico?host=/run/postgresql")
        adminURL = read.text("PORTICO_ADMIN_URL")
        ticketKey = try TicketKey(kid: read.text("PORTICO_TICKET_KID") ?? "1", hex: try read.secret("PORTICO_TICKET_KEY"))
        secret = try Secret(Array(try read.secret("PORTICO_SECRET").utf8))
        port = try read.number("PORTICO_PORT", 8000, in: 0...65_535)
        address = read.text("PORTICO_ADDRESS") ?? "127.0.0.1"
        poolSize = try read.number("PORTICO_POOL", 20, in: 1...200)
        logLevel = read.text("PORTICO_LOG") ?? "info"
        var web = WebSettings()
        web.development = kind != .production
        web.secure = read.text("PORTICO_TLS") == "1"
        web.trustedProxies = Set(
            (read.text("PORTICO_PROXIES") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
        web.metricsToken = read.text("PORTICO_METRICS_TOKEN")
        web.spool = folder.appending(path: "spool")
        self.web = web
        mail = try MailSettings(read)
        if kind == .production, !web.secure {
            throw SettingsError("PORTICO_ENV=production needs PORTICO_TLS=1: sessions travel only through TLS")
        }
    }
}

struct SettingsError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Reads what the operator sets.
struct SettingsReader {
    let environment: [String: String]

    func text(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func required(_ name: String, _ what: String) throws -> String {
        guard let value = text(name) else { throw SettingsError("\(name) is not set: \(what)") }
        return value
    }

    /// From the variable itself or from the file that `<name>_FILE` names.
    func secret(_ name: String) throws -> String {
        if let value = text(name) { return value }
        let path = try required("\(name)_FILE", "a file with the secret, or set \(name)")
        do {
            return try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw SettingsError("\(name)_FILE: \(path) cannot be read")
        }
    }

    /// The same, for what need not be set.
    func optionalSecret(_ name: String) throws -> String? {
        text(name) == nil && text("\(name)_FILE") == nil ? nil : try secret(name)
    }

    func number(_ name: String, _ standard: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = text(name) else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw SettingsError("\(name) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
