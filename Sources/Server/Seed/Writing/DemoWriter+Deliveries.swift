import Database
import Foundation
import Notifications

extension DemoWriter {
    /// What went out by mail for the demo's notices, a few seconds after each. Deliveries and tries take the notices' own ids.
    func insertDeliveries() -> SQL {
        """
        insert into app.delivery(tenant_id, id, notification_id, member_id, channel, mode, kind, address, dedupe_key, state, tries,
                                 due_at, created_at, settled_at)
        select n.tenant_id, n.id, n.id, n.member_id, 'mail', 'now', n.kind, m.email, n.dedupe_key, 'sent', 1, n.created_at,
               n.created_at, n.created_at + interval '3 seconds'
          from app.notification n join app.member m on m.tenant_id = n.tenant_id and m.id = n.member_id
         where n.tenant_id = \(tenant) and n.kind = any(\(NoticeKind.mailedAtOnce))
        """
    }

    func insertTries() -> SQL {
        """
        insert into app.delivery_try(tenant_id, id, delivery_id, began_at, ended_at, outcome, detail)
        select tenant_id, id, id, created_at, settled_at, 'sent', '250 OK' from app.delivery where tenant_id = \(tenant)
        """
    }
}
