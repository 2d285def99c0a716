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

    /// Where in a text the first one stands, be it in a comment.
    static func place(in text: String) -> Position? {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            for start in starts {
                var rest = line[...]
                while let found = rest.firstRange(of: start) {
                    let isWord = found.lowerBound == line.startIndex || !isPart(line[line.index(before: found.lowerBound)])
                    let tail = line[found.upperBound...].prefix { isPart($0) || "+/=. ".contains($0) }
                    if isWord, tail.utf8.count >= 8 {
                        let column = line.unicodeScalars.distance(from: line.startIndex, to: found.lowerBound) + 1
                        return Position(line: number + 1, column: column)
                    }
                    rest = rest[found.upperBound...]
                }
            }
        }
        return nil
    }

    private static func isPart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }

    static func namesSecret(_ key: String) -> Bool {
        words.contains(key.lowercased().filter { $0 != "_" && $0 != "-" })
    }
}
