import Database
import Foundation
import Jobs
import Web

/// What one area knows of a person: what of it goes into the file that the person gets, and how it forgets who they were.
///
/// Every area that keeps something about people has one, and the house puts them together (Server/PersonalRecords.swift).
package struct PersonalData: Sendable {
    /// One list of the file. Its statement gives one column `cells`, a text[] with as many cells as there are columns.
    package struct Table: Sendable {
        /// Of the files: letters of ASCII and dashes.
        package let name: String
        package let columns: [String]
        package let rows: @Sendable (_ member: UUID, _ tenant: Int32) -> SQL

        package init(
            _ name: String, _ columns: [String], _ rows: @escaping @Sendable (_ member: UUID, _ tenant: Int32) -> SQL
        ) {
            (self.name, self.columns, self.rows) = (name, columns, rows)
        }
    }

    package let tables: [Table]
    /// What they uploaded: columns `label` (letters of ASCII, digits, dashes) and `object_key`, oldest first.
    package let uploads: (@Sendable (_ member: UUID, _ tenant: Int32) -> SQL)?
    /// In this order. What others rely on (the audit log, the history of a fault) stays, under the new name.
    package let forget: @Sendable (Forgotten) -> [SQL]

    package init(
        _ tables: [Table], uploads: (@Sendable (_ member: UUID, _ tenant: Int32) -> SQL)? = nil,
        forget: @escaping @Sendable (Forgotten) -> [SQL] = { _ in [] }
    ) {
        (self.tables, self.uploads, self.forget) = (tables, uploads, forget)
    }
}

/// Somebody whose name the house forgets.
package struct Forgotten: Sendable {
    package let member: UUID
    package let tenant: Int32
    package let name: String
    /// In lower case.
    package let email: String
    /// What stands in the place of both from now on.
    package let newName: String
    package let newEmail: String
    package let by: UUID
    package let now: Date

    package init(_ standing: Standing, newName: String, by: UUID, tenant: Int32, now: Date) {
        member = standing.id
        self.tenant = tenant
        name = standing.name
        email = standing.email.lowercased()
        self.newName = newName
        // A domain that no mail ever reaches (RFC 2606).
        newEmail = "former-\(standing.id.text)@anonymous.invalid"
        self.by = by
        self.now = now
    }
}

/// Somebody was anonymised.
package struct MemberAnonymised: Event {
    package static let name = "MemberAnonymised"
    package let member: UUID
    package let by: UUID
    package var subject: UUID { member }

    package init(member: UUID, by: UUID) {
        (self.member, self.by) = (member, by)
    }
}

extension SQL {
    /// An instant as the files have it: RFC 3339, UTC.
    package static func instant(_ column: SQL) -> SQL {
        "to_char(\(column) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    }
}
