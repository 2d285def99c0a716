import Web

extension Permission {
    /// Who of the platform has entered the company, and why.
    package static let seeSupport = Permission("support:see")
    /// Ends such an entry at once.
    package static let endSupport = Permission("support:end")
    package static let platform: [Permission] = [.seeSupport, .endSupport]

    /// What somebody of the platform may do who has entered: everything that is only looked at; with `change` also what members of the
    /// office do, but neither let people in nor end an entry.
    @Sendable package static func ofSupport(_ mode: SupportMode, among all: [Permission]) -> Set<String> {
        let names = all.map(\.name)
        let looks = names.filter { $0.contains(":see") }
        guard mode == .change else { return Set(looks) }
        let barred = ["people:", "support:"]
        return Set(looks).union(names.filter { name in !barred.contains(where: name.hasPrefix) })
    }
}
