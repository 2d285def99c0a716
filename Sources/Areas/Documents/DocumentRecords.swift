import Database
import Identity

extension PersonalData {
    /// What somebody put on the shelf. It is the company's, and stays when they are forgotten, under the new name.
    package static let documents = PersonalData(
        [
            Table("documents-added", ["document", "name", "version", "file", "added_at"]) { member, tenant in
                """
                select array[v.document_id::text, d.name, v.number::text, v.filename, \(SQL.instant("v.added_at"))] as cells
                  from app.document_version v join app.document d on d.tenant_id = v.tenant_id and d.id = v.document_id
                 where v.tenant_id = \(tenant) and v.added_by = \(member) order by v.id
                """
            }
        ])
}
