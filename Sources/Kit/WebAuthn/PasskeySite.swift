import Crypto
import Foundation

/// Which site a passkey is for. Browsers show it to no other.
public struct PasskeySite: Sendable, Equatable {
    /// The relying party's id: a host name without port.
    public let host: String
    /// `https://portal.lindenhof.example`: exactly what the browser says of the page that asked.
    public let origin: String

    public init(host: String, origin: String) {
        self.host = host
        self.origin = origin
    }

    var hash: [UInt8] { Array(SHA256.hash(data: Data(host.utf8))) }
}
