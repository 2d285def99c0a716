import Foundation
import HTML
import Tenancy
import Web

/// How the house is reached from outside, for links in messages.
package struct Site: Sendable {
    /// Through TLS, on its standard port.
    let secure: Bool
    let port: Int
    let secret: Secret

    package init(secure: Bool, port: Int, secret: Secret) {
        self.secure = secure
        self.port = port
        self.secret = secret
    }

    /// The address on the company's first host; never on one that a request named (T31).
    package func url(_ tenant: Tenant, _ path: WebPath) -> String {
        let host = tenant.hosts.first ?? "localhost"
        if secure { return "https://\(host)\(path.string)" }
        return "http://\(host)\(port == 80 ? "" : ":\(port)")\(path.string)"
    }

    /// Where one member turns one kind's mails off, signed: it works without signing in (RFC 8058).
    func unsubscribe(_ tenant: Tenant, _ member: UUID, _ kind: NoticeKind) -> String {
        let signature = secret.sign("unsubscribe", String(tenant.id), member.text, kind.name)
        return url(tenant, "/unsubscribe/\(member.text)/\(kind.name)/\(signature)")
    }
}
