import Foundation
import Mail

/// How messages leave the house: SMTP or SendGrid for mail, Twilio for SMS. What is not set does not leave it.
struct MailSettings: Sendable {
    let sender: MailAddress
    /// nil when neither SMTP nor SendGrid is set.
    let mail: (any Channel)?
    let sms: (any Channel)?

    /// - Throws: `SettingsError` that names the variable and what it must be.
    init(_ read: SettingsReader) throws {
        let from = read.text("PORTICO_MAIL_FROM")
        guard let sender = MailAddress(from ?? "portico@localhost") else {
            throw SettingsError("PORTICO_MAIL_FROM must be one mail address, without a name")
        }
        self.sender = sender
        let smtp = try Self.smtp(read)
        let key = try read.optionalSecret("PORTICO_SENDGRID_KEY")
        if smtp != nil, key != nil { throw SettingsError("Set PORTICO_SMTP_URL or PORTICO_SENDGRID_KEY, not both") }
        if smtp != nil || key != nil, from == nil {
            throw SettingsError("PORTICO_MAIL_FROM is not set: the address that mails come from")
        }
        mail =
            smtp.map { SMTPChannel($0, sender: sender) }
            ?? key.map {
                SendGridChannel(key: $0, address: read.text("PORTICO_SENDGRID_URL") ?? "https://api.sendgrid.com", sender: sender)
            }
        sms = try Self.twilio(read)
    }

    private static func smtp(_ read: SettingsReader) throws -> SMTPSettings? {
        guard let text = try read.optionalSecret("PORTICO_SMTP_URL") else { return nil }
        guard let settings = SMTPSettings(text) else {
            throw SettingsError("PORTICO_SMTP_URL must look like smtp://user:password@mail.example.com:587?starttls=required")
        }
        return settings
    }

    private static func twilio(_ read: SettingsReader) throws -> TwilioChannel? {
        guard let account = read.text("PORTICO_TWILIO_ACCOUNT") else { return nil }
        return TwilioChannel(
            account: account, token: try read.secret("PORTICO_TWILIO_TOKEN"),
            sender: try read.required("PORTICO_TWILIO_FROM", "the number or name that SMS come from"),
            address: read.text("PORTICO_TWILIO_URL") ?? "https://api.twilio.com")
    }

    /// Where mails end while nothing else is set; never in production.
    func folder(_ settings: Settings) -> MailFolder? {
        guard mail == nil, settings.environment != .production else { return nil }
        return MailFolder(settings.folder.appending(path: "mail"), sender: sender)
    }
}
