import Foundation

/// The list page in Go (net/http, html/template, pgx), built from `Tests/Bench/go` against Debian's packages.
enum GoYardstick {
    private static let library = "/usr/share/gocode/src/github.com/jackc/pgx/v4"

    static func server(_ house: BenchHouse) async throws -> BenchServer {
        let go = try Tool("go", package: "golang golang-github-jackc-pgx-v4-dev")
        guard FileManager.default.fileExists(atPath: library) else {
            throw ToolMissing(description: "pgx is not installed: apt-get install golang-github-jackc-pgx-v4-dev")
        }
        let source = house.root.appending(path: "Tests/Bench/go")
        guard FileManager.default.fileExists(atPath: source.path) else {
            throw ToolMissing(description: "\(source.path) is missing: run bench from a checkout")
        }
        let binary = house.folder.appending(path: "go-list")
        var environment = house.environment
        environment["GO111MODULE"] = "off"
        environment["GOPATH"] = "/usr/share/gocode"
        environment["GOCACHE"] = house.folder.appending(path: "go-cache").path
        try await go.run(["build", "-o", binary.path, "."], environment: environment, in: source)
        let port = try Wire.freePort()
        environment["PORTICO_PORT"] = String(port)
        environment["BENCH_TENANT"] = String(house.tenant.id)
        if let key = try house.ticketKey { environment["PORTICO_TICKET_KEY"] = key }
        return try await BenchServer.start(binary.path, [], environment, port, log: house.folder.appending(path: "go.log"))
    }
}

extension BenchHouse {
    /// The ticket key in hex, as the yardstick needs it to mint tickets of its own; nil when it is in the environment already.
    fileprivate var ticketKey: String? {
        get throws {
            guard environment["PORTICO_TICKET_KEY"] == nil, let file = environment["PORTICO_TICKET_KEY_FILE"] else { return nil }
            return try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
