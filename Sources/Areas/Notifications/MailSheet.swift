import HTML
import UI

/// A mail's two faces. Mail programs know neither our style sheet nor scripts: the few styles stand inline, and no picture is
/// fetched, so that reading a mail tells nobody.
struct MailSheet {
    let wording: Wording
    let company: String
    let language: Language
    /// Where the recipient chooses what comes; nil for mails that were asked for.
    let settings: String?
    /// Where one click ends this kind of mail.
    let stop: String?

    private var t: NotificationsMessages { NotificationsMessages(language) }

    var text: String {
        var foot = [company]
        if let settings { foot.append(t.mail.why(link: settings)) }
        if let stop { foot.append(t.mail.stop(link: stop)) }
        return wording.paragraphs.joined(separator: "\n\n") + "\n\n-- \n" + foot.joined(separator: "\n") + "\n"
    }

    var html: String {
        let body = wording.paragraphs.map(paragraph).joined(separator: "\n")
        return """
            <!doctype html>
            <html lang="\(language.rawValue)"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(Self.escaped(wording.subject))</title></head>
            <body style="margin:0;padding:24px;background:#f4f5f7;color:#1d2433;font:16px/1.5 system-ui,sans-serif">
            <div style="max-width:560px;margin:0 auto;padding:24px;background:#fff;border-radius:10px">
            \(body)
            </div>
            <div style="max-width:560px;margin:0 auto;padding:16px 24px;color:#566074;font-size:13px">\(foot)</div>
            </body></html>

            """
    }

    private func paragraph(_ text: String) -> String {
        if let link = wording.link, text == link, SafeURL(link) != nil {
            let style =
                "display:inline-block;padding:10px 18px;border-radius:6px;background:#2f4b8f;color:#fff;text-decoration:none"
            return "<p><a href=\"\(Self.escaped(link))\" style=\"\(style)\">\(Self.escaped(wording.label))</a></p>"
        }
        return "<p dir=\"auto\">" + text.split(separator: "\n").map(line).joined(separator: "<br>\n") + "</p>"
    }

    private func line(_ text: Substring) -> String {
        let isAddress = text.hasPrefix("https://") || text.hasPrefix("http://")
        guard isAddress, SafeURL(String(text)) != nil else { return Self.escaped(String(text)) }
        return "<a href=\"\(Self.escaped(String(text)))\">\(Self.escaped(String(text)))</a>"
    }

    private var foot: String {
        var parts = [Self.escaped(company)]
        if let settings { parts.append("<a href=\"\(Self.escaped(settings))\">\(Self.escaped(t.mail.settings))</a>") }
        if let stop { parts.append("<a href=\"\(Self.escaped(stop))\">\(Self.escaped(t.mail.unsubscribe))</a>") }
        return parts.joined(separator: " · ")
    }

    private static func escaped(_ text: String) -> String { SafeHTML(escaping: text).string }
}
