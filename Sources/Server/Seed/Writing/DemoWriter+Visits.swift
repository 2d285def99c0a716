import Database
import Faults
import Foundation

/// Sheets with codes, and the fault that came through one.
extension DemoWriter {
    func isVisit(_ fault: UUID) -> Bool { records.visit.map { records.faults[$0].id == fault } ?? false }

    func insertCodes() -> SQL {
        let codes = records.codes
        return """
            insert into app.report_code(tenant_id, id, building_id, token_hash, made_at, made_by)
            select \(tenant), t.*
              from unnest(\(codes.map(\.id)), \(codes.map { records.buildings[$0.building].id }),
                          \(codes.map { tokens.codeHash($0.id, tenant) }), \(codes.map(\.at)),
                          \(codes.map { records.members[$0.maker].id })) as t
            """
    }

    /// Nobody of the demo writes to real addresses: example domains have no mailboxes.
    func insertVisit() -> SQL? {
        guard let visit = records.visit, let code = records.codes.first else { return nil }
        let fault = records.faults[visit]
        return """
            insert into app.fault_visitor(tenant_id, id, code_id, token_hash, name, phone, language, reported_at)
            values (\(tenant), \(fault.id), \(code.id), \(tokens.linkHash(fault.id, tenant)), 'Robin Sommer', '+49 30 5550142',
                    'de', \(fault.report.at))
            """
    }
}
