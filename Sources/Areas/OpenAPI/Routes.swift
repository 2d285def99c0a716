import Forms
import Foundation
import HTML
import HTTPTypes
import Web

/// The interface for programs, described: `/api/v1/openapi.json` for tools, `/api` and `/interface/{chapter}` for people.
package struct OpenAPIRoutes: Sendable {
    private let library = Library()

    package init() {}

    /// Comes last: it describes what was added before, and itself.
    package func add(to routes: Routes) {
        routes.chapter("This description")
        // Open: nothing here is a secret. Rights rest on what the server checks and never on nobody knowing an address, and who writes
        // a program reads about signing in before signing in.
        routes.openGet("openapi.json", on: .api, use: document)
            .tells("This interface in OpenAPI 3.1.").gives(file: "application/json").kept()
        routes.openGet("api", on: .page, use: manual)
        // Not below /api/: what is wrong there is answered to programs, in JSON.
        routes.openGet("interface/{chapter}", on: .page, use: chapter)
        library.fill(routes.table)
    }

    @Sendable func document(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let edition = try library.edition(context, origin: context.origin)
        var file = FileReply(.bytes(edition.document), type: "application/json", etag: edition.etag)
        file.isPublic = true
        return .file(file)
    }

    @Sendable func manual(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        .page(ManualPage(try library.edition(context, origin: context.origin).operations))
    }

    @Sendable func chapter(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let operations = try library.edition(context, origin: context.origin).operations
        guard let page = ManualChapterPage(try incoming.parameter("chapter"), of: operations, context) else {
            throw Failure.notFound
        }
        return .page(page)
    }
}

extension TenantContext {
    /// As the caller reached it: "https://lindenhof.example".
    fileprivate var origin: String {
        let host = arrival.authority ?? tenant.hosts.first ?? "localhost"
        return "\(house.settings.secure ? "https" : "http")://\(host)"
    }
}
