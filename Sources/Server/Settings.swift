import Chat
import Database
import Foundation
import Identity
import Secrets
import Storage
import Tenancy
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
    let sealer: Sealer
    let port: Int
    let address: String
    /// Where everything lives that the server writes: photos, spool.
    let folder: URL
    /// Where `Templates`, `Public`, `Migrations` and `tenants` stand.
    let home: URL
    let poolSize: Int
    let logLevel: String
    let web: WebSettings
    /// Where photos are kept instead of in the folder.
    let bucket: BucketSettings?
    /// The model that has an opinion about new faults; without one there are rules.
    let chat: ChatEndpoint.Settings?
    /// `host:port` in private networks that companies may enter.
    let privateAddresses: Set<String>
    /// The secrets of companies' clients at their identity providers.
    let clientSecrets: ClientSecrets
    let mail: MailSettings
    let push: PushSettings
    /// Where operators look after all companies; nil where that is done on the command line alone.
    let platformHost: String?
    /// The program that decodes photos, reads them and hashes passwords in processes of their own: this binary. Tests are no such binary,
    /// do the work themselves, and read no photos unless they name one.
    var program: String?

    /// - Throws: `SettingsError` that names the variable and what it must be.
    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let read = SettingsReader(environment: environment)
        guard let kind = Environment(rawValue: read.text("PORTICO_ENV") ?? "development") else {
            throw SettingsError("PORTICO_ENV must be development, test or production")
        }
        self.environment = kind
        program = kind == .test ? nil : "/proc/self/exe"
        bucket = try read.bucket()
        chat = try read.chat()
        privateAddresses = read.list("PORTICO_OUTBOUND_PRIVATE")
        clientSecrets = try read.clientSecrets()
        folder = URL(filePath: read.text("PORTICO_VAR") ?? "var")
        home = URL(filePath: read.text("PORTICO_HOME") ?? FileManager.default.currentDirectoryPath)
        databaseURL = try read.required(
            "PORTICO_DATABASE_URL", "the database's URL without a user, e.g. postgresql:///portico?host=/run/postgresql")
        adminURL = read.text("PORTICO_ADMIN_URL")
        ticketKey = try TicketKey(kid: read.text("PORTICO_TICKET_KID") ?? "1", hex: try read.secret("PORTICO_TICKET_KEY"))
        secret = try Secret(Array(try read.secret("PORTICO_SECRET").utf8))
        sealer = try read.sealer()
        port = try read.number("PORTICO_PORT", 8000, in: 0...65_535)
        address = read.text("PORTICO_ADDRESS") ?? "127.0.0.1"
        poolSize = try read.number("PORTICO_POOL", 20, in: 1...200)
        logLevel = read.text("PORTICO_LOG") ?? "info"
        var web = WebSettings()
        web.development = kind != .production
        web.secure = read.text("PORTICO_TLS") == "1"
        web.port = port
        web.trustedProxies = read.list("PORTICO_PROXIES")
        web.metricsToken = read.text("PORTICO_METRICS_TOKEN")
        web.spool = folder.appending(path: "spool")
        self.web = web
        mail = try MailSettings(read)
        push = try PushSettings(read, sender: mail.sender.text)
        platformHost = try read.platformHost(kind)
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

    /// Nil when no model is named.
    func chat() throws -> ChatEndpoint.Settings? {
        guard let url = text("PORTICO_LLM_URL") else { return nil }
        let key = text("PORTICO_LLM_KEY") == nil && text("PORTICO_LLM_KEY_FILE") == nil ? nil : try secret("PORTICO_LLM_KEY")
        let model = try required("PORTICO_LLM_MODEL", "the name of the model at PORTICO_LLM_URL")
        guard let settings = ChatEndpoint.Settings(url: url, key: key, model: model, sees: text("PORTICO_LLM_SEES") == "1") else {
            throw SettingsError("PORTICO_LLM_URL must be an address such as https://api.example.com/v1")
        }
        return settings
    }

    func sealer() throws -> Sealer {
        let keys = try secret("PORTICO_SEAL_KEYS")
        do { return try Sealer(keys: keys) } catch {
            throw SettingsError("PORTICO_SEAL_KEYS must be keys of 64 hex digits or more, the newest first")
        }
    }

    func clientSecrets() throws -> ClientSecrets {
        guard let secrets = ClientSecrets(try optionalSecret("PORTICO_CLIENT_SECRETS") ?? "") else {
            throw SettingsError(
                "PORTICO_CLIENT_SECRETS must be company/name=secret each, with blanks or line breaks between them")
        }
        return secrets
    }

    /// During development there is one; in production only where it is named.
    func platformHost(_ kind: Settings.Environment) throws -> String? {
        guard let text = text("PORTICO_PLATFORM_HOST") ?? (kind == .production ? nil : "platform.localhost") else { return nil }
        guard let host = HostName.normalised(text), host == text.lowercased() else {
            throw SettingsError("PORTICO_PLATFORM_HOST must be a host name without port, such as platform.example.com")
        }
        return host
    }

    /// Separated by commas.
    func list(_ name: String) -> Set<String> {
        Set((text(name) ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
    }

    /// Nil when no bucket is named: then files lie in the folder.
    func bucket() throws -> BucketSettings? {
        guard let name = text("PORTICO_S3_BUCKET") else { return nil }
        let settings = BucketSettings(
            endpoint: try required("PORTICO_S3_ENDPOINT", "the storage's address, e.g. https://s3.eu-central-1.amazonaws.com"),
            bucket: name, region: text("PORTICO_S3_REGION") ?? "us-east-1", key: try secret("PORTICO_S3_KEY"),
            secret: try secret("PORTICO_S3_SECRET"), inPath: text("PORTICO_S3_STYLE") != "host")
        guard let settings else {
            throw SettingsError("PORTICO_S3_ENDPOINT must be scheme and host, PORTICO_S3_BUCKET the name of a bucket")
        }
        return settings
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
