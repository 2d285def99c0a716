import Synchronization
import Tenancy

extension DemoSeed {
    /// How somebody of a demo company signs in; one for each role.
    struct SignIn: Codable, Sendable, Equatable {
        let host: String
        let slug: String
        let role: String
        let email: String
        let password: String
        let name: String
    }

    /// In the order of the tenants and of the roles in their files; none for tenants that are no demo companies. Never in production.
    static func signIns(_ tenants: [Tenant]) -> [SignIn] {
        tenants.flatMap { tenant -> [SignIn] in
            guard let company = DemoCompany.named(tenant.slug), let host = tenant.hosts.first else { return [] }
            let faces = faces(of: company)
            return tenant.roles.compactMap { role in
                faces[role.key].map { face in
                    SignIn(
                        host: host, slug: company.slug, role: role.key, email: face.email, password: company.password,
                        name: face.name)
                }
            }
        }
    }

    /// Who signs in for each role. Names do not depend on the day, and the sign-in page asks often, so they are made up once.
    static func faces(of company: DemoCompany) -> [String: DemoRecords.Member] {
        known.withLock { known in
            if let faces = known[company.slug] { return faces }
            var records = DemoRecords()
            if let span = DemoSpan(now: .init(timeIntervalSince1970: 0)) {
                records.addHouses(company, span)
                records.addPeople(company, span)
            }
            let faces = records.faces.mapValues { records.members[$0] }
            known[company.slug] = faces
            return faces
        }
    }

    private static let known = Mutex<[String: [String: DemoRecords.Member]]>([:])
}
