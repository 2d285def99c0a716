import Database
import Forms
import Foundation
import Tenancy
import Web

/// Who invites, and what they may give away: nobody can invite somebody who may do more than themselves, so managers invite no
/// admins.
struct Office: Sendable {
    let tenant: Tenant
    let now: Date
    /// In the order of the file.
    let roles: [Role]

    /// How long an invitation works unless it says otherwise, and at most.
    static let (days, most) = (14, 90)

    init(_ context: MemberContext) {
        let rights = context.rights
        (tenant, now) = (context.tenant, context.now)
        roles = context.tenant.configuration.roles.filter { $0.permissions.isSubset(of: rights) }
    }

    /// For whoever only wants to know what an invitation says.
    init(_ tenant: Tenant) {
        (self.tenant, now, roles) = (tenant, Date(), tenant.configuration.roles)
    }

    func mayGive(_ key: String) -> Bool { roles.contains { $0.key == key } }

    /// A role by its key or, as people write it in lists, by its title.
    func role(_ word: String) -> Role? {
        let word = word.lowercased()
        return roles.first { role in
            role.key.lowercased() == word || tenant.locales.contains { role.title[$0].lowercased() == word }
        }
    }
}

/// A building or unit, by id (programs) or as people call it.
enum PlaceKey: Sendable {
    case id(UUID)
    case name(String)

    var uuid: UUID? { if case .id(let id) = self { id } else { nil } }
    var words: String? { if case .name(let name) = self { name } else { nil } }
}

/// Somebody to be invited. Whether the place exists and nobody has that address yet, `Candidates` says.
struct InvitationDraft: Sendable {
    let email: String
    let role: String
    let building: PlaceKey?
    let unit: PlaceKey?
    let expires: Date
    let language: String?

    init(_ form: inout FormReader, _ office: Office) {
        email = form.email("email", .required)
        let word = form.text("role", .required, .max(60))
        let role = office.role(word)
        if role == nil, !word.isEmpty { form.fail("role", .notAllowed) }
        self.role = role?.key ?? ""
        building = Self.place("building", &form)
        unit = Self.place("unit", &form)
        if role?.isStaff == true, unit != nil { form.fail("unit", .own("unit_not_for_staff")) }
        if case .name = unit, building == nil {
            form.fail(form.has("building") ? "building" : "building_id", .own("building_needed"))
        }
        expires = Self.expiry(&form, office)
        language = form.optionalChoice("language", among: office.tenant.locales)
    }

    private static func place(_ name: String, _ form: inout FormReader) -> PlaceKey? {
        if let id = form.optionalUUID("\(name)_id") { return .id(id) }
        return form.optionalText(name, .max(120)).map(PlaceKey.name)
    }

    /// A day, to its end at the company's place, or an instant.
    private static func expiry(_ form: inout FormReader, _ office: Office) -> Date {
        let zone = office.tenant.timeZone
        let day = 86_400.0
        let standard = office.now.addingTimeInterval(Double(Office.days) * day)
        guard let typed = form.optionalText("expires_at", .max(40)) else { return standard }
        let given: Date? =
            typed.utf8.count > 10
            ? form.optionalInstant("expires_at", in: zone)
            : form.optionalDate("expires_at").flatMap { CalendarDate($0.description)?.adding(days: 1)?.start(in: zone) }
        guard let given else { return standard }
        if given <= office.now || given > office.now.addingTimeInterval(Double(Office.most + 1) * day) {
            form.fail("expires_at", .own("expires_out_of_range"))
        }
        return given
    }
}

/// What is known here of people who are to be invited.
struct Candidates {
    struct Found: Record {
        let isMember: Bool
        let isInvited: Bool
        let buildingID: UUID?
        let unitID: UUID?
        let unitBuildingID: UUID?

        init(row: Row) throws {
            isMember = try row["is_member"]
            isInvited = try row["is_invited"]
            buildingID = try row["building_id"]
            unitID = try row["unit_id"]
            unitBuildingID = try row["unit_building_id"]
        }
    }

    /// One answer per draft, in their order. Somebody who is on record without a password, for example by an import, can be invited.
    static func find(_ drafts: [InvitationDraft], _ tenant: Int32, now: Date) -> Query<[Found]> {
        .many(
            """
            select exists (select from app.member m where m.tenant_id = \(tenant) and lower(m.email) = d.email
                              and (m.password_hash is not null or m.disabled_at is not null)) as is_member,
                   exists (select from app.invitation i where i.tenant_id = \(tenant) and i.email = d.email and i.expires_at > \(now)
                              and i.accepted_at is null and i.revoked_at is null) as is_invited,
                   b.id as building_id, u.id as unit_id, u.building_id as unit_building_id
              from unnest(\(drafts.map(\.email)), \(drafts.map { $0.building?.uuid }), \(drafts.map { $0.building?.words }),
                          \(drafts.map { $0.unit?.uuid }), \(drafts.map { $0.unit?.words })) with ordinality
                   as d(email, building_id, building, unit_id, unit, place)
              left join app.building b on b.tenant_id = \(tenant) and b.archived_at is null
                    and (b.id = d.building_id or b.name = d.building)
              left join app.unit u on u.tenant_id = \(tenant) and u.archived_at is null
                    and (u.id = d.unit_id or (u.building_id = b.id and u.label = d.unit))
             order by d.place
            """)
    }
}

/// Somebody who can be invited, with the place looked up.
struct Invitee: Sendable {
    let draft: InvitationDraft
    let building: UUID?
    let unit: UUID?

    /// - Throws: `FormErrors` when the address is taken or there is no such place.
    init(_ draft: InvitationDraft, _ found: Candidates.Found) throws {
        var problems: [FieldProblem] = []
        if found.isMember { problems.append(FieldProblem("email", .own("member_exists"))) }
        if found.isInvited { problems.append(FieldProblem("email", .own("already_invited"))) }
        if let key = draft.building, found.buildingID == nil {
            problems.append(FieldProblem(key.uuid == nil ? "building" : "building_id", .own("building_unknown")))
        } else if let key = draft.unit, found.unitID == nil || found.buildingID.map({ $0 != found.unitBuildingID }) ?? false {
            problems.append(FieldProblem(key.uuid == nil ? "unit" : "unit_id", .own("unit_unknown")))
        }
        guard problems.isEmpty else { throw FormErrors(problems) }
        self.draft = draft
        unit = found.unitID
        building = found.buildingID ?? found.unitBuildingID
    }
}
