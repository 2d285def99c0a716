import Announcements
import Database
import Foundation

/// What hangs on the board of the demo.
extension DemoWriter {
    func write(_ one: DemoRecords.News, _ tx: Tx) async throws -> Int {
        let script = one.script
        var (state, publish, published, reason): (String, Date?, Date?, String?) = ("published", nil, one.at, nil)
        switch script.state {
        case .published: break
        case .draft: (state, published) = ("draft", nil)
        case .scheduled(let days):
            (state, publish, published) = ("scheduled", midnight(tx).addingTimeInterval(days * 86_400), nil)
        case .withdrawn(let why): (state, reason) = ("withdrawn", why)
        }
        let (audience, roles): (String, [String]) =
            switch script.whom {
            case .everybody: ("company", [])
            case .roles(let roles): ("role", roles)
            case .house, .entrance: (one.entrance == nil ? "building" : "entrance", [])
            case .flat: ("unit", [])
            }
        let author = records.members[one.author].id
        try await tx.execute(
            """
            insert into app.announcement(tenant_id, id, title, body, audience, roles, important, pinned, comments, state, sort_at, publish_at,
                                         published_at, expires_on, withdrawn_at, withdrawn_by, reason, written_by, written_at)
            values (\(tenant), \(one.id), \(script.title), \(script.text), \(audience), \(roles), \(script.isImportant), \(script.isPinned),
                    \(script.comments != nil), \(state), \(publish ?? one.at), \(publish), \(published),
                    \(script.days.flatMap { CalendarDate(midnight(tx), in: .gmt).adding(days: $0) }),
                    \(reason == nil ? nil : one.at.addingTimeInterval(7200)), \(reason == nil ? nil : author), \(reason), \(author), \(one.at))
            """)
        if one.building != nil || one.entrance != nil || one.unit != nil {
            try await tx.execute(
                """
                insert into app.announcement_place(tenant_id, id, announcement_id, building_id, entrance_id, unit_id)
                values (\(tenant), \(one.id), \(one.id), \(one.building.map { records.buildings[$0].id }), \(one.entrance),
                        \(one.unit.map { records.units[$0].id }))
                """)
        }
        if let publish { try tx.enqueue(PublishAnnouncement(announcement: one.id), at: publish) }
        try await attach(one, tx)
        guard published != nil else { return 1 }
        try await read(one, tx)
        for (number, comment) in (script.comments ?? []).enumerated() {
            guard let member = records.faces[comment.role] else { continue }
            let at = one.at.addingTimeInterval(Double(number + 1) * 2_400)
            try await tx.execute(
                """
                insert into app.announcement_comment(tenant_id, id, announcement_id, author_id, body, at, removed_at, removed_by)
                values (\(tenant), \(UUID.demo(at: at, order: number, "\(one.id.text)/comment/\(number)")), \(one.id),
                        \(records.members[member].id), \(comment.isRemoved ? "" : comment.text), \(at),
                        \(comment.isRemoved ? at.addingTimeInterval(60) : nil), \(comment.isRemoved ? records.members[member].id : nil))
                """)
        }
        return 1
    }

    /// The day that the demo ends at, whenever of it somebody seeds.
    func midnight(_ tx: Tx) -> Date {
        Date(timeIntervalSince1970: (tx.facts.now.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
    }

    /// Some have read it, and of those some have said so. Whoever signs in as a resident has not read the newest.
    private func read(_ one: DemoRecords.News, _ tx: Tx) async throws {
        var dice = Dice(one.id.text, "read")
        let isNew = one.script.daysAgo < 3
        let readers = one.readers.filter { reader in
            let reads = dice.chance(one.script.read)
            return reads && !(isNew && reader == records.faces["resident"])
        }
        guard !readers.isEmpty else { return }
        let times = readers.map { _ in one.at.addingTimeInterval(dice.between(600, 70_000).rounded()) }
        let confirmed = times.map { one.script.isImportant && dice.chance(0.7) ? $0.addingTimeInterval(90) : nil }
        try await tx.execute(
            """
            insert into app.announcement_reading(tenant_id, announcement_id, member_id, read_at, acknowledged_at)
            select \(tenant), \(one.id), r.member, r.at, r.confirmed
              from unnest(\(readers.map { records.members[$0].id }), \(times), \(confirmed)) as r(member, at, confirmed)
            """)
    }

    private func attach(_ one: DemoRecords.News, _ tx: Tx) async throws {
        if let lines = one.script.paper {
            let bytes = try print(lines, at: one.at)
            try await tx.execute(
                """
                insert into app.announcement_file(tenant_id, id, announcement_id, filename, type, bytes, object_key)
                values (\(tenant), \(UUID.demo(at: one.at, "\(one.id.text)/paper")), \(one.id),
                        \(records.language == "de" ? "Tagesordnung.pdf" : "Agenda.pdf"), 'application/pdf', \(Int32(clamping: bytes.count)),
                        \(try await keep(bytes, tenant)))
                """)
        }
        guard one.script.hasPicture, let photo = records.photos.first, let print = prints[photo.sketch] else { return }
        let (key, thumb) = (try await keep(print.full.bytes, tenant), try await keep(print.thumb.bytes, tenant))
        try await tx.execute(
            """
            insert into app.announcement_file(tenant_id, id, announcement_id, filename, type, bytes, object_key, thumb_key, width, height)
            values (\(tenant), \(UUID.demo(at: one.at, "\(one.id.text)/picture")), \(one.id), 'picture.jpg', 'image/jpeg',
                    \(Int32(clamping: print.full.bytes.count)), \(key), \(thumb), \(Int32(clamping: print.full.width)),
                    \(Int32(clamping: print.full.height)))
            """)
    }
}
