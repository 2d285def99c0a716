import Crypto
import Database
import Foundation
import Tenancy

extension CompanyFiles {
    /// SHA-256 of names and texts: equal for equal files alone.
    var digest: [UInt8] { Self.hash(names.map { (name: $0, text: texts[$0]) }) }

    /// Of some of them, in hex: what a form was opened with. Two people collide only where they touch the same file.
    func digest(of names: some Sequence<String>) -> String {
        Self.hash(names.sorted().map { (name: $0, text: texts[$0]) }).hex
    }

    private static func hash(_ files: [(name: String, text: String?)]) -> [UInt8] {
        var hash = SHA256()
        for (name, text) in files {
            // Names hold neither: what belongs to which is never in doubt.
            hash.update(data: Data("\(name)\n\(text.map { String($0.utf8.count) } ?? "none")\n".utf8))
            hash.update(data: Data((text ?? "").utf8))
        }
        return Array(hash.finalize())
    }
}
