/// Decides who gets a host that several tenants claim: the one that has it live; nobody when none has.
///
/// A tenant whose claim is refused keeps its last good configuration as a whole: half of a file is never live.
struct HostClaims {
    private(set) var accepted: [String: TenantFile]
    private let live: [String: TenantFile]

    init(candidates: [String: TenantFile], live: [String: TenantFile]) {
        accepted = candidates
        self.live = live
    }

    /// Ends because each round replaces at least one new file by the live one, and the live ones do not collide.
    mutating func settle() -> [TenantProblem] {
        var problems: [TenantProblem] = []
        while let (host, claimants) = conflict() {
            let keeper = claimants.first { live[$0]?.configuration.hosts.contains(host) == true }
            let claims = accepted
            for slug in claimants where slug != keeper {
                let other = keeper ?? claimants.first { $0 != slug } ?? ""
                if let mine = claims[slug], let theirs = claims[other] { problems.append(problem(host, mine, theirs)) }
                accepted[slug] = live[slug]
            }
        }
        return problems
    }

    private func conflict() -> (host: String, claimants: [String])? {
        var owners: [String: String] = [:]
        for (slug, file) in accepted.sorted(by: { $0.key < $1.key }) {
            for host in file.configuration.hosts {
                if owners.updateValue(slug, forKey: host) != nil {
                    return (host, accepted.filter { $0.value.configuration.hosts.contains(host) }.keys.sorted())
                }
            }
        }
        return nil
    }

    private func problem(_ host: String, _ mine: TenantFile, _ theirs: TenantFile) -> TenantProblem {
        let number = mine.configuration.hosts.firstIndex(of: host).map { String($0 + 1) } ?? ""
        let other = quoted(theirs.configuration.slug)
        return TenantProblem(
            tenant: mine.configuration.slug, file: mine.file, position: mine.hostPlaces[host] ?? .start, path: ["hosts", number],
            message: "\(quoted(host)) is also claimed by tenant \(other) (\(theirs.file):\(theirs.hostPlaces[host]?.line ?? 1)): "
                + "a host belongs to one tenant")
    }
}
