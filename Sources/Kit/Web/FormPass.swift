import Foundation

/// Whether a form must come with a browser's word that it is from our own site.
public enum FormOrigin: Sendable {
    /// `Sec-Fetch-Site` or `Origin` says so; a form that says nothing is refused. For everything that members do.
    case required
    /// A form that says nothing is taken when it carries its page's pass: for what strangers hand in, whose browsers may be old or keep
    /// it to themselves. A page that tells no other site its address makes browsers send `Origin: null` with its own forms; those
    /// without `Sec-Fetch-Site` (Safari before 16.4) then say nothing at all.
    case orPass
}

/// What a browser says about where a form comes from.
enum FormWord {
    case own, foreign, nothing
}

/// The pass that such a page prints behind its form token: signed for this company, this browser's visit and the thing that the page is
/// about, and good for a day. Another site can neither read it nor make it, nor does its form bring the visit's cookie along.
struct FormPass: Sendable {
    private static let longest = 86_400
    private let parts: (tenant: String, visit: String, subject: String)
    private let secret: Secret

    init(tenant: Int32, visit: String, subject: String, secret: Secret) {
        parts = (String(tenant), visit, Self.folded(subject))
        self.secret = secret
    }

    func make(now: Date) -> String {
        let second = String(Int(now.timeIntervalSince1970))
        return "\(second).\(sign(second))"
    }

    func isGood(_ pass: Substring, now: Date) -> Bool {
        let words = pass.split(separator: ".", maxSplits: 1)
        guard words.count == 2, let second = Int(words[0]), (0...9_999_999_999).contains(second),
            secret.verify(String(words[1]), "form-pass", parts.tenant, parts.visit, parts.subject, String(words[0]))
        else { return false }
        return (0...Self.longest).contains(Int(now.timeIntervalSince1970) - second)
    }

    private func sign(_ second: String) -> String {
        secret.sign("form-pass", parts.tenant, parts.visit, parts.subject, second)
    }

    /// An address that was typed by hand names the same thing in another spelling.
    private static func folded(_ subject: String) -> String {
        String(
            subject.lowercased().compactMap { letter in
                switch letter {
                case "-", "_": nil
                case "o": "0"
                case "i", "l": "1"
                default: letter
                }
            })
    }
}
