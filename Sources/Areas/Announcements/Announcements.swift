import Audit
import Database
import Documents
import Forms
import Foundation
import Jobs
import Operations
import Web

/// What can be done to news. Each function is one transaction's worth: change, audit line, event, jobs.
struct Announcements {
    let tx: Tx
    let reader: NewsReader

    /// How long ago a time may be and is still meant as now, in seconds.
    private static let leeway: TimeInterval = 300

    var now: Date { tx.facts.now }
    var tenant: Int32 { reader.tenant }

    /// A draft, which nobody but those who write sees.
    ///
    /// - Throws: `FormErrors` for places that are not there.
    func draft(_ draft: AnnouncementDraft, _ files: [StoredFile]) async throws -> Announcement {
        let id = UUID.v7(now: now)
        try await tx.execute(
            """
            insert into app.announcement(tenant_id, id, title, body, audience, roles, important, pinned, comments, sort_at, expires_on,
                                         written_by, written_at)
            values (\(tenant), \(id), \(draft.title), \(draft.body), \(draft.audience), \(draft.audience == .role ? draft.roles : []),
                    \(draft.isImportant), \(draft.isPinned), \(draft.takesComments), \(now), \(draft.expiresOn), \(reader.member), \(now))
            """)
        try await place(draft, id)
        try await attach(files, to: id)
        try tx.audit("announcement.drafted", "announcement", id, AuditChange(after: ["title": draft.title]))
        return try await find(id)
    }

    /// What was published keeps its audience: those who have read it and those who have not stay what they are.
    ///
    /// - Throws: 409 for a stale version or what was withdrawn; `FormErrors`.
    func edit(_ id: UUID, _ draft: AnnouncementDraft, _ files: [StoredFile]) async throws -> Announcement {
        let before = try await locked(id, draft.version)
        guard before.state != .withdrawn else { throw Failure.alreadyWithdrawn }
        let isOut = before.state == .published
        if before.state == .scheduled, let last = draft.expiresOn, let time = before.publishAt,
            last < CalendarDate(time, in: reader.zone)
        {
            throw FormErrors([FieldProblem("expires_on", .own("over_by_then"))])
        }
        let kept = try await tx.value(
            """
            select count(*) from app.announcement_file
             where tenant_id = \(tenant) and announcement_id = \(id) and id <> all(\(draft.removed))
            """, Int.self)
        guard kept + files.count <= AnnouncementFile.most else {
            throw FormErrors([FieldProblem("files", .tooMany(max: AnnouncementFile.most))])
        }
        try await tx.execute(
            """
            update app.announcement
               set title = \(draft.title), body = \(draft.body), important = \(draft.isImportant), pinned = \(draft.isPinned),
                   comments = \(draft.takesComments), expires_on = \(draft.expiresOn),
                   audience = \(isOut ? before.audience : draft.audience),
                   roles = \(isOut ? before.roles : draft.audience == .role ? draft.roles : []),
                   sort_at = case when state = 'draft' then \(now) else sort_at end,
                   edited_at = case when state = 'published' then \(now) else edited_at end, version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        if !isOut {
            try await tx.execute("delete from app.announcement_place where tenant_id = \(tenant) and announcement_id = \(id)")
            try await place(draft, id)
        }
        // Their objects the nightly sweep takes away.
        try await tx.execute(
            """
            delete from app.announcement_file
             where tenant_id = \(tenant) and announcement_id = \(id) and id = any(\(draft.removed))
            """)
        try await attach(files, to: id)
        let changed = try await find(id)
        try tx.audit("announcement.edited", "announcement", id, AuditChange(before: before.trail, after: changed.trail))
        return changed
    }

    /// Publishes a draft, now or when its time has come.
    ///
    /// - Parameter version: the one that was looked at.
    /// - Throws: 409 unless it is a draft or scheduled, and for a stale version; `FormErrors` for a time that is over, and for a day in front
    ///   that is over by then.
    func publish(_ id: UUID, at time: Date?, version: Int?) async throws -> Announcement {
        let before = try await locked(id, version)
        guard before.state == .draft || before.state == .scheduled else { throw Failure.alreadyPublished }
        let isLater = time.map { $0 > now } ?? false
        if let time, time < now.addingTimeInterval(-Self.leeway) {
            throw FormErrors([FieldProblem("publish_at", .own("over_already"))])
        }
        if let last = before.expiresOn, last < CalendarDate(isLater ? time ?? now : now, in: reader.zone) {
            throw FormErrors([FieldProblem("publish_at", .own("over_by_then"))])
        }
        guard let time, isLater else { return try await appear(before, by: reader.member) }
        if time.timeIntervalSince(now) > 366 * 86_400 { throw FormErrors([FieldProblem("publish_at", .own("within_a_year"))]) }
        try await tx.execute(
            """
            update app.announcement set state = 'scheduled', publish_at = \(time), sort_at = \(time), version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try tx.enqueue(PublishAnnouncement(announcement: id), at: time)
        try tx.audit(
            "announcement.scheduled", "announcement", id, AuditChange(after: ["publish_at": time.formatted(.iso8601)]))
        return try await find(id)
    }

    /// Back to a draft.
    func unschedule(_ id: UUID) async throws -> Announcement {
        let before = try await locked(id, nil)
        guard before.state == .scheduled else { throw Failure.notScheduled }
        try await tx.execute(
            """
            update app.announcement set state = 'draft', publish_at = null, sort_at = \(now), version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try tx.audit("announcement.unscheduled", "announcement", id)
        return try await find(id)
    }

    private func appear(_ announcement: Announcement, by member: UUID?) async throws -> Announcement {
        try await Self.appear(announcement.id, by: member, tx)
        return try await find(announcement.id)
    }

    /// Published: people see it, and a job tells them.
    static func appear(_ id: UUID, by member: UUID?, _ tx: Tx) async throws {
        try await tx.execute(
            """
            update app.announcement
               set state = 'published', published_at = \(tx.facts.now), sort_at = \(tx.facts.now), version = version + 1
             where tenant_id = \(tx.facts.tenant) and id = \(id)
            """)
        try tx.publish(AnnouncementPublished(announcement: id, by: member))
        try tx.audit("announcement.published", "announcement", id)
    }

    /// Takes it back, with a reason that everybody sees who could read it.
    ///
    /// - Throws: 409 unless it is published.
    func withdraw(_ id: UUID, _ draft: WithdrawalDraft) async throws -> Announcement {
        let before = try await locked(id, nil)
        guard before.state == .published else { throw Failure.notPublished }
        try await tx.execute(
            """
            update app.announcement set state = 'withdrawn', withdrawn_at = \(now), withdrawn_by = \(reader.member),
                   reason = \(draft.reason), version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try tx.publish(AnnouncementWithdrawn(announcement: id, by: reader.member))
        try tx.audit("announcement.withdrawn", "announcement", id, AuditChange(after: ["reason": draft.reason]))
        return try await find(id)
    }

    /// Drafts alone can go; what people could read stays on record.
    func delete(_ id: UUID) async throws {
        let before = try await locked(id, nil)
        guard before.state == .draft else { throw Failure.alreadyPublished }
        try await tx.execute("delete from app.announcement where tenant_id = \(tenant) and id = \(id)")
        try tx.audit("announcement.deleted", "announcement", id, AuditChange(before: ["title": before.title]))
    }

    // MARK: Parts

    func find(_ id: UUID) async throws -> Announcement { try await tx.query(Announcement.find(id, reader)) }

    /// Holds its row.
    func locked(_ id: UUID, _ version: Int?) async throws -> Announcement {
        try await tx.execute("select from app.announcement where tenant_id = \(tenant) and id = \(id) for no key update")
        let announcement = try await find(id)
        if let version, version != announcement.version { throw Failure.staleVersion }
        return announcement
    }

    private func place(_ draft: AnnouncementDraft, _ id: UUID) async throws {
        let (ids, table, column): ([UUID], SQL, SQL) =
            switch draft.audience {
            case .building: (draft.buildings, "app.building", "building_id")
            case .entrance: (draft.entrances, "app.entrance", "entrance_id")
            case .unit: (draft.units, "app.unit", "unit_id")
            case .company, .role: ([], SQL.empty, SQL.empty)
            }
        guard !ids.isEmpty else { return }
        let placed = try await tx.execute(
            """
            insert into app.announcement_place(tenant_id, id, announcement_id, \(column))
            select \(tenant), n.id, \(id), x.id from unnest(\(ids), \(ids.map { _ in UUID.v7(now: now) })) as n(place, id)
              join \(table) x on x.tenant_id = \(tenant) and x.id = n.place
            """)
        guard placed == ids.count else { throw FormErrors([FieldProblem(draft.audience.field ?? "audience", .notFound)]) }
    }

    private func attach(_ files: [StoredFile], to id: UUID) async throws {
        for file in files {
            for object in file.objects { try tx.keep(object) }
            try await tx.execute(
                """
                insert into app.announcement_file(tenant_id, id, announcement_id, filename, type, bytes, object_key, thumb_key, width, height)
                values (\(tenant), \(file.id), \(id), \(file.filename), \(file.type), \(Int32(clamping: file.bytes)), \(file.object.key),
                        \(file.thumb?.key), \(file.width.map { Int32(clamping: $0) }), \(file.height.map { Int32(clamping: $0) }))
                """)
        }
    }
}

extension Announcement {
    /// For the audit trail.
    fileprivate var trail: [String: String?] {
        [
            "title": title, "body": body, "audience": ([audience.rawValue] + roles + places).joined(separator: ", "),
            "expires_on": expiresOn?.description
        ]
    }
}

extension Failure {
    static let alreadyPublished = Failure(.conflict, "already_published", "This was published already")
    static let alreadyWithdrawn = Failure(.conflict, "already_withdrawn", "This was withdrawn")
    static let notPublished = Failure(.conflict, "not_published", "This is not published")
    static let notScheduled = Failure(.conflict, "not_scheduled", "This is not scheduled")
    static let commentsOff = Failure(.conflict, "comments_off", "Nobody can comment on this")
}
