import Crypto
import Foundation

/// One numbered file of SQL.
struct MigrationFile: Sendable, Equatable {
    /// From the file's name: 3 of `0003_identity.sql`.
    let number: Int
    let name: String
    let text: String

    var needsSuperuser: Bool { text.prefix { $0 != "\n" }.trimmingCharacters(in: .whitespaces) == "-- as: superuser" }

    /// SHA-256 of the text in hex.
    var checksum: String { Hex.string(SHA256.hash(data: Data(text.utf8))) }

    /// Every `.sql` file of a folder in order of number. Throws when two share a number or a name has none.
    static func all(in folder: String) throws -> [MigrationFile] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw MigrationError("the migrations folder \(folder) cannot be read")
        }
        let files = try names.filter { $0.hasSuffix(".sql") && !$0.hasPrefix(".") }.map { name in
            guard let number = number(of: name) else {
                throw MigrationError("\(folder)/\(name): a migration is named NNNN_name.sql, e.g. 0012_meters.sql")
            }
            guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else {
                throw MigrationError("\(folder)/\(name) cannot be read as UTF-8")
            }
            return MigrationFile(number: number, name: name, text: text)
        }.sorted { $0.number < $1.number }
        for (file, next) in zip(files, files.dropFirst()) where file.number == next.number {
            throw MigrationError("\(file.name) and \(next.name) have the same number")
        }
        return files
    }

    private static func number(of name: String) -> Int? {
        let digits = name.prefix { $0 != "_" }
        guard digits.count == 4, digits.count < name.count, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(digits)
    }
}
