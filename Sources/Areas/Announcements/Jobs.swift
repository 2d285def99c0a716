import Database
import Foundation
import Jobs
import Notifications
import Tenancy
import Web

/// Publishes news when their time has come. Of several, because the time was changed, the one at the right time does it.
package struct PublishAnnouncement: Job {
    package static let kind = "announcements.publish"
    let announcement: UUID

    package init(announcement: UUID) {
        self.announcement = announcement
    }
}

/// Tells everybody whom news are for, each once.
struct TellOfAnnouncement: Job {
    static let kind = "announcements.tell"
    static let notice = "announcement.published"
    let announcement: UUID
}

/// What people were told of does not hold any more: their notices are read, and what has not been sent yet is not sent.
struct SettleAnnouncement: Job {
    static let kind = "announcements.settle"
    let announcement: UUID
}

package struct AnnouncementJobs: Sendable {
    let tenants: Tenants

    package init(tenants: Tenants) {
        self.tenants = tenants
    }

    package static func tell(_ event: AnnouncementPublished, _ facts: TxFacts) -> [any Job] {
        [TellOfAnnouncement(announcement: event.announcement)]
    }

    package static func settle(_ event: AnnouncementWithdrawn, _ facts: TxFacts) -> [any Job] {
        [SettleAnnouncement(announcement: event.announcement)]
    }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(PublishAnnouncement.self) { job, context in
            try await context.write { tx in try await job.run(tx) }
        }
        handlers.register(TellOfAnnouncement.self) { job, context in
            guard let tenant = tenants.tenant(id: context.tenant) else {
                throw JobFailure.park("The company has no configuration")
            }
            let today = CalendarDate(context.now, in: tenant.timeZone)
            var last: UUID?
            repeat {
                last = try await context.db.write { tx in try await job.run(tx, after: last, today: today) }
            } while last != nil
        }
        handlers.register(SettleAnnouncement.self) { job, context in
            while try await context.db.write({ tx in try await job.run(tx) }) {}
        }
    }
}

extension PublishAnnouncement {
    /// By the database's clock, which the job was taken by: a worker whose own one is behind would find nothing, and nobody comes again.
    func run(_ tx: Tx) async throws {
        let due = try await tx.firstValue(
            """
            select id from app.announcement
             where tenant_id = \(tx.facts.tenant) and id = \(announcement) and state = 'scheduled'
               and publish_at <= greatest(clock_timestamp(), \(tx.facts.now)) for no key update
            """, UUID.self)
        guard let due else { return }
        try await Announcements.appear(due, by: nil, tx)
    }
}

extension TellOfAnnouncement {
    static let portion = 300

    private struct Told: Record {
        let title: String
        let isImportant: Bool

        init(row: Row) throws {
            title = try row["title"]
            isImportant = try row["important"]
        }
    }

    /// - Returns: the last one told; nil when that was everybody.
    func run(_ tx: Tx, after last: UUID?, today: CalendarDate) async throws -> UUID? {
        let tenant = tx.facts.tenant
        let (told, people) = try await tx.batch(
            Query.first(
                """
                select title, important from app.announcement
                 where tenant_id = \(tenant) and id = \(announcement) and state = 'published' for share
                """, Told.self),
            Query.values(
                """
                select m.id from app.announcement a join app.member m on \(Audience.people(tenant))
                 where a.tenant_id = \(tenant) and a.id = \(announcement) and m.id <> a.written_by and coalesce(m.id > \(last), true)
                   and \(Audience.reaches(on: today)) order by m.id limit \(Self.portion)
                """, UUID.self))
        // Withdrawn meanwhile: nobody else is told.
        guard let told else { return nil }
        try await tx.notify(
            people,
            Notice(
                Self.notice, path: "/announcements/\(announcement.text)", facts: ["title": told.title],
                dedupeKey: "announcement:\(announcement.text)"))
        return people.count == Self.portion ? people.last : nil
    }
}

extension SettleAnnouncement {
    private static let portion = 300

    /// - Returns: whether there may be more.
    func run(_ tx: Tx) async throws -> Bool {
        let settled = try await tx.markRead(
            TellOfAnnouncement.notice, at: "/announcements/\(announcement.text)", most: Self.portion)
        return settled == Self.portion
    }
}
