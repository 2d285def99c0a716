import Forms
import Foundation
import Tenancy
import Web

/// A fault as somebody without an account reports it; the place is the code's.
struct VisitorDraft: Sendable {
    let title: String
    let description: String
    let category: String
    let locationNote: String
    let photos: [Upload]
    /// Those that an earlier try of this form brought along.
    let held: [UUID]
    let name: String?
    let email: String?
    let phone: String?

    init(_ form: inout FormReader, _ settings: FaultSettings) {
        title = form.text("title", .required, .max(140))
        description = form.text("description", .required, .max(5000), .lines)
        category = form.choice("category", among: settings.categories.keys)
        locationNote = form.optionalText("location_note", .max(200)) ?? ""
        held = form.uuids(HeldPhoto.field, max: 10)
        photos = form.files("photos", max: 10 - held.count, maxBytes: 10 << 20)
        name = form.optionalText("name", .max(120))
        let address = form.email("email")
        email = address.isEmpty ? nil : address
        phone = form.optionalText("phone", .max(40))
        if let phone, !Self.isPhone(phone) { form.fail("phone", .own("phone_invalid")) }
    }

    private static func isPhone(_ text: String) -> Bool {
        text.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count >= 3
            && text.allSatisfy { $0.isASCII && ($0.isNumber || " +-/().".contains($0)) }
    }
}

/// What tells people from programs that fill in every form they find: a field that nobody sees, and the time that typing takes.
struct Humanity: Sendable {
    /// Hidden from people; whoever fills it in is none.
    static let trap = "website"
    static let stamp = "opened"
    private static let shortest = 2
    private static let longest = 86_400

    /// "1790000000.signature": when the form was printed, signed for this company and code.
    static func stamp(_ code: ReportCode, _ context: TenantContext) -> String {
        let second = String(Int(context.arrival.now.timeIntervalSince1970))
        return "\(second).\(sign(second, code, context))"
    }

    private static func sign(_ second: String, _ code: ReportCode, _ context: TenantContext) -> String {
        context.house.secret.sign("visitor-form", String(context.tenant.id), code.id.text, second)
    }

    /// The stamp that a refused form goes on with: its own, so that the second try is not too early again.
    static func kept(_ values: FormValues, _ code: ReportCode, _ context: TenantContext) -> String {
        age(values[stamp], code, context) == nil ? stamp(code, context) : values[stamp]
    }

    /// Nil when a person may have sent it.
    static func problem(_ incoming: Incoming, _ code: ReportCode, _ context: TenantContext) -> FieldProblem? {
        let values = incoming.values
        guard values[trap].isEmpty else { return FieldProblem("", .own("not_taken")) }
        guard let age = age(values[stamp], code, context) else { return FieldProblem("", .own("form_old")) }
        return age < shortest ? FieldProblem("", .own("too_early")) : nil
    }

    /// Seconds since the form was printed; nil when the stamp is not ours or a day old.
    private static func age(_ stamp: String, _ code: ReportCode, _ context: TenantContext) -> Int? {
        let parts = stamp.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let second = Int(parts[0]), (0...9_999_999_999).contains(second),
            context.house.secret.verify(
                String(parts[1]), "visitor-form", String(context.tenant.id), code.id.text, String(parts[0]))
        else { return nil }
        let age = Int(context.arrival.now.timeIntervalSince1970) - second
        return (0...longest).contains(age) ? age : nil
    }
}
