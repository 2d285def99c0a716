import Foundation
import NIOCore

/// Which addresses may be asked on the word of a company.
struct AddressRules: Sendable {
    /// `host:port` as the operator wrote them, in lower case; the host is a name or an address.
    private let allowed: Set<String>

    init(allowed: Set<String>) {
        self.allowed = Set(allowed.map { $0.lowercased() })
    }

    func permit(_ address: SocketAddress, for target: OutboundTarget) -> Bool {
        if allowed.contains("\(target.host.lowercased()):\(target.port)") { return true }
        if let text = address.ipAddress, allowed.contains("\(text):\(target.port)") { return true }
        return Self.isPublic(address)
    }

    /// Everything that IANA's registries of special addresses name is not.
    static func isPublic(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4(let v4): isPublic(v4: withUnsafeBytes(of: v4.address.sin_addr) { Array($0) })
        case .v6(let v6): isPublic(v6: withUnsafeBytes(of: v6.address.sin6_addr) { Array($0) })
        case .unixDomainSocket: false
        }
    }

    private static func isPublic(v4 bytes: [UInt8]) -> Bool {
        !closed.contains { net in
            zip(bytes, net.start).enumerated().allSatisfy { index, pair in
                let bits = max(0, min(8, net.bits - index * 8))
                let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
                return pair.0 & mask == pair.1 & mask
            }
        }
    }

    /// Global unicast is 2000::/3; of it, tunnels and documentation lead elsewhere. An embedded IPv4 address counts as itself.
    private static func isPublic(v6 bytes: [UInt8]) -> Bool {
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10...11].allSatisfy({ $0 == 0xFF }) {
            return isPublic(v4: Array(bytes.suffix(4)))
        }
        guard bytes[0] & 0xE0 == 0x20 else { return false }
        let start = Array(bytes.prefix(4))
        if start == [0x20, 0x01, 0x0D, 0xB8] || start == [0x20, 0x01, 0, 0] { return false }
        return !start.starts(with: [0x20, 0x02]) && !start.starts(with: [0x3F, 0xFF])
    }

    private static let closed: [(start: [UInt8], bits: Int)] = [
        ([0, 0, 0, 0], 8), ([10, 0, 0, 0], 8), ([100, 64, 0, 0], 10), ([127, 0, 0, 0], 8), ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12), ([192, 0, 0, 0], 24), ([192, 0, 2, 0], 24), ([192, 88, 99, 0], 24), ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15), ([198, 51, 100, 0], 24), ([203, 0, 113, 0], 24), ([224, 0, 0, 0], 4), ([240, 0, 0, 0], 4)
    ]
}
