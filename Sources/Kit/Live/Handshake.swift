import Crypto
import Foundation
import HTTPTypes
import NIOCore
import NIOWebSocket
import Web

/// The opening of a WebSocket (RFC 6455, 4.2), as a route's handler sees it.
enum Handshake {
    private static let key = HTTPField.Name("Sec-WebSocket-Key") ?? .eTag
    private static let version = HTTPField.Name("Sec-WebSocket-Version") ?? .eTag
    private static let accept = HTTPField.Name("Sec-WebSocket-Accept") ?? .eTag

    /// The headers of the 101.
    /// - Throws: 426 for whoever asks for anything else.
    static func answer(_ incoming: Incoming) throws -> HTTPFields {
        let headers = incoming.headers
        guard incoming.method == .get, has("websocket", in: headers[.upgrade]), has("upgrade", in: headers[.connection]),
            headers[version] == "13", let key = headers[key], Data(base64Encoded: key)?.count == 16
        else { throw Failure.upgradeRequired }
        let digest = Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return [.upgrade: "websocket", accept: Data(digest).base64EncodedString()]
    }

    private static func has(_ word: String, in list: String?) -> Bool {
        list?.split(separator: ",").contains { $0.trimmingCharacters(in: .whitespaces).lowercased() == word } ?? false
    }

    static func takeOver(_ channel: any Channel, _ handler: LiveHandler) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: LiveLimits.frame))
        try pipeline.addHandlers([WebSocketFrameEncoder(), decoder], position: .first)
        // It speaks as soon as it is there.
        try pipeline.addHandler(handler, position: .after(decoder))
    }
}

extension Failure {
    static var upgradeRequired: Failure {
        var failure = Failure(.upgradeRequired, "upgrade_required", "Only a WebSocket is served here: see RFC 6455, version 13")
        failure.headers = [.upgrade: "websocket", .connection: "Upgrade"]
        if let version = HTTPField.Name("Sec-WebSocket-Version") { failure.headers[version] = "13" }
        return failure
    }

    static let foreignOrigin = Failure(.forbidden, "foreign_origin", "A page of another site may not open this")
    static let tooManySockets = Failure(.tooManyRequests, "too_many_sockets", "Too many sockets are open; close one first")
}
