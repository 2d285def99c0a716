/// Secrets never stand in a tenant's files: those are reviewed, copied and printed. A value or key that looks like one is
/// refused, and the message never repeats it.
enum Secrets {
    static let refusal =
        "looks like a secret: secrets belong in the server's environment, never in tenants/ – remove and renew it"

    private static let starts = [
        "-----BEGIN", "sk_live_", "sk_test_", "rk_live_", "sk-proj-", "sk-ant-", "ghp_", "gho_", "github_pat_", "glpat-", "xoxb-",
        "xoxp-", "AKIA",
        "AIza", "eyJhbGciOi", "whsec_"
    ]
    private static let words: Set<String> = [
        "password", "passwd", "passphrase", "secret", "clientsecret", "apikey", "accesskey", "secretkey", "privatekey", "token",
        "accesstoken", "credentials", "databaseurl", "smtppassword"
    ]

    static func isSecret(_ value: String) -> Bool {
        starts.contains { value.hasPrefix($0) && value.utf8.count >= $0.utf8.count + 8 }
    }

    static func namesSecret(_ key: String) -> Bool {
        words.contains(key.lowercased().filter { $0 != "_" && $0 != "-" })
    }
}
