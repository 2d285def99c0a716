import Crypto
import Foundation

/// Signs requests to S3 as AWS asks for ("Signature Version 4", authorization header, S3's rules: paths are encoded once).
struct SignatureV4: Sendable {
    let key: String
    let secret: String
    let region: String

    /// The value of `Authorization`.
    /// - Parameters:
    ///   - path: percent-encoded, as it is sent.
    ///   - query: neither encoded nor sorted.
    ///   - fields: every field to sign, `host`, `x-amz-date` and `x-amz-content-sha256` among them.
    ///   - payload: SHA-256 of the body in hex.
    func authorization(
        _ method: String, path: String, query: [(String, String)] = [], fields: [(String, String)], payload: String, at time: Date
    ) -> String {
        let sorted = fields.map { ($0.0.lowercased(), $0.1.trimmingCharacters(in: .whitespaces)) }.sorted { $0.0 < $1.0 }
        let names = sorted.map(\.0).joined(separator: ";")
        let request = [
            method, path, Self.encode(query), sorted.map { "\($0.0):\($0.1)\n" }.joined(), names, payload
        ].joined(separator: "\n")
        let stamp = Self.stamp(time)
        let scope = "\(stamp.prefix(8))/\(region)/s3/aws4_request"
        let text = ["AWS4-HMAC-SHA256", stamp, scope, Self.hash(Array(request.utf8))].joined(separator: "\n")
        let signature = Self.hex(Self.mac(signingKey(String(stamp.prefix(8))), text))
        return "AWS4-HMAC-SHA256 Credential=\(key)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
    }

    private func signingKey(_ day: String) -> [UInt8] {
        [day, region, "s3", "aws4_request"].reduce(Array("AWS4\(secret)".utf8)) { Self.mac($0, $1) }
    }

    /// `20130524T000000Z`.
    static func stamp(_ time: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: time)
        func digits(_ number: Int?, _ count: Int = 2) -> String {
            let text = String(number ?? 0)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return digits(parts.year, 4) + digits(parts.month) + digits(parts.day) + "T" + digits(parts.hour) + digits(parts.minute)
            + digits(parts.second) + "Z"
    }

    static func encode(_ query: [(String, String)]) -> String {
        query.map { (encode($0.0), encode($0.1)) }.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// RFC 3986's unreserved characters stay.
    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + hex([byte]).uppercased()
            }
        }.joined()
    }

    static func hash(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    private static func mac(_ key: [UInt8], _ text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
