import Crypto
import Database
import Foundation
import Synchronization
import Tenancy
import Web

/// Everything that programs can ask, and the document about it: made once for each state of a company's folder and each of its hosts.
final class Library: Sendable {
    struct Edition: Sendable {
        let operations: [APIOperation]
        let document: [UInt8]
        let etag: String
    }

    private struct Key: Hashable {
        let tenant: Int32
        let revision: String
        let origin: String
    }

    private let table = Mutex<[Route]>([])
    private let editions = Mutex<[Key: Edition]>([:])
    /// Hosts are the company's own, so a few for each; after that all are made anew.
    private static let most = 1000

    func fill(_ routes: [Route]) {
        table.withLock { $0 = routes.filter { $0.face == .api } }
    }

    func edition(_ context: TenantContext, origin: String) throws -> Edition {
        let key = Key(tenant: context.tenant.id, revision: context.tenant.revision, origin: origin)
        if let known = editions.withLock({ $0[key] }) { return known }
        let operations = table.withLock { $0 }.compactMap { APIOperation($0, context.tenant) }
        let document = try JSON.encode(Document(operations, company: context.tenant.name, origin: origin).tree)
        let edition = Edition(
            operations: operations, document: document, etag: "\"\(SHA256.hash(data: document).prefix(12).hex)\"")
        editions.withLock { all in
            if all.count >= Self.most { all = [:] }
            all[key] = edition
        }
        return edition
    }
}
