import Hummingbird
import HummingbirdCore

extension HTTPServerBuilder {
    /// HTTP/1.1 with the limits of SECURITY 1.1 and our own deadlines on every connection.
    public static func portico(deadlines: Deadlines) -> HTTPServerBuilder {
        .http1(
            configuration: .init(
                additionalChannelHandlers: [DeadlineHandler(deadlines), SwitchHandler()],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 128)))
    }
}
