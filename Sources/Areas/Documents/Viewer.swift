import Database
import Foundation
import Property
import Web

/// Who looks at the shelf, and what is open to them.
struct DocumentViewer: Sendable {
    let tenant: Int32
    let member: UUID
    let roles: [String]
    /// Fills the shelf, and sees all of it.
    let manages: Bool
    let today: CalendarDate
    /// Owners may have lent somebody the sight of their building's documents.
    private let lent: Delegated?

    init(_ context: MemberContext) {
        tenant = context.tenant.id
        member = context.memberID
        roles = context.session.roles
        manages = context.may(.manageDocuments)
        today = context.today
        lent = context.delegated(.viewDocuments)
    }

    /// Ids of folders that the viewer does not get into. What lies in them, however deep, is closed, too. `app.find_documents` says
    /// the same for searches.
    var shut: SQL {
        let kept: SQL =
            manages
            ? SQL.empty
            : """
            or not ((a.roles = '{}' or a.roles && \(roles))
               and (not exists (select from app.folder_building h where h.tenant_id = a.tenant_id and h.folder_id = a.id)
                 or exists (select from app.folder_building h join app.unit u on u.tenant_id = h.tenant_id and u.building_id = h.building_id
                             where h.tenant_id = a.tenant_id and h.folder_id = a.id and (\(isTheirs)))))
            """
        return "array(select a.id from app.folder a where a.tenant_id = \(tenant) and (a.deleted_at is not null \(kept)))"
    }

    /// Units `u` that they live in or own today, or act for.
    private var isTheirs: SQL {
        let own: SQL = """
            exists (select from app.occupancy o where o.tenant_id = u.tenant_id and o.unit_id = u.id and o.member_id = \(member)
                       and o.since <= \(today) and coalesce(o.until >= \(today), true))
            """
        guard let lent else { return own }
        return "\(own) or exists (select from app.delegation d where \(lent.holds(.viewDocuments)) and d.unit_id = u.id)"
    }

    /// Folders `f` that are open.
    var seesFolder: SQL { "f.tenant_id = \(tenant) and not f.path && \(shut)" }

    /// Documents `d` that are open.
    var seesDocument: SQL {
        """
        d.tenant_id = \(tenant) and d.deleted_at is null
          and (d.folder_id is null or exists (select from app.folder f where f.id = d.folder_id and \(seesFolder)))
        """
    }
}
