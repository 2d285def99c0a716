import Foundation
import Tokens
import Web

/// `/.well-known/jwks.json`: the public keys of one company, those that sign and those that are about to.
enum KeySet {
    private struct Body: Encodable {
        let keys: [JWK]
    }

    @Sendable static func show(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let keys = try await context.house.keys.published(context.walled)
        var file = FileReply(
            .bytes(try JSON.encode(Body(keys: keys))), type: "application/jwk-set+json",
            etag: "\"\(keys.map(\.kid).joined(separator: "."))\"",
            // A company's first key comes with its first token: until then nobody keeps that there is none.
            maxAge: keys.isEmpty ? nil : SigningKeys.keptFor)
        file.isPublic = true
        return .file(file)
    }
}
