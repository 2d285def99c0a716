import Arrival
import Audit
import Delegation
import Documents
import Faults
import Identity
import Jobs
import Messaging
import Notifications
import Operations
import Privacy
import Property

extension Schedule {
    /// Everything that recurs, once in the whole fleet.
    static let all = Schedule([
        .perTenant("arrival.purge", .daily(hour: 2)) { _, due in PurgeArrivals(due: due) },
        .perTenant("audit.seal", .every(.seconds(60))) { _, due in SealAudit(due: due) },
        .perTenant("delegation.expire", .daily(hour: 1)) { _, due in ExpireDelegations(due: due) },
        .perTenant("documents.empty-bin", .daily(hour: 3)) { _, due in EmptyBin(due: due) },
        .perTenant("faults.close-unanswered", .daily(hour: 3)) { _, due in CloseUnanswered(due: due) },
        .perTenant("faults.forget-held-photos", .every(.minutes(15))) { _, due in ForgetHeldPhotos(due: due) },
        .perTenant("faults.forget-visitors", .daily(hour: 2)) { _, due in ForgetVisitors(due: due) },
        .perTenant("faults.resume-held", .daily(hour: 0, minute: 5)) { _, due in ResumeHeld(due: due) },
        .perTenant("faults.watch-deadlines", .every(.minutes(5))) { _, due in WatchDeadlines(due: due) },
        .perTenant("house.forget-forms", .every(.minutes(15))) { _, due in ForgetForms(due: due) },
        .perTenant("house.sweep", .daily(hour: 4)) { _, due in Sweep(due: due) },
        .perTenant("identity.rotate-keys", .daily(hour: 1)) { _, due in RotateKeys(due: due) },
        .perTenant("messaging.tell-unread", .every(.minutes(5))) { _, due in TellOfUnread(due: due) },
        .perTenant("notices.digest", .every(.minutes(15))) { _, due in WriteDigests(due: due) },
        .perTenant("privacy.expire-exports", .daily(hour: 2)) { _, due in ExpireDataExports(due: due) },
        .perTenant("property.expire-imports", .daily(hour: 2)) { _, due in ExpireImports(due: due) }
    ])
}
