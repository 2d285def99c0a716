import Foundation

/// Load from wrk (Debian package `wrk`): one thread, connections kept open.
struct Wrk: Sendable {
    struct Result: Decodable, Sendable {
        let requests: Double
        let micros: Double
        let bytes: Double
        let p50: Double
        let p99: Double
        let most: Double
        /// Answers of 400 and above.
        let refused: Double
        /// Connections that failed, timeouts.
        let broken: Double
        /// Answers that were looked at and were not the page; only of `check`.
        let wrong: Double

        var perSecond: Double { requests / max(micros, 1) * 1_000_000 }
        var bytesEach: Double { bytes / max(requests, 1) }
        var failures: Double { refused + broken + wrong }
    }

    private let tool: Tool
    private let house: BenchHouse

    init(_ house: BenchHouse) throws {
        tool = try Tool("wrk", package: "wrk")
        self.house = house
    }

    /// As fast as it goes; looks at nothing but status and length.
    func load(_ wire: Wire, _ path: String, connections: Int = 32, seconds: Int) async throws -> Result {
        try await run(Self.summary, wire, path, connections, seconds)
    }

    /// Looks at every answer: it must be 200 and hold the mark that many times.
    func check(_ wire: Wire, _ path: String, mark: String, times: Int, seconds: Int) async throws -> Result {
        let watch = """
            local threads = {}
            function setup(thread) table.insert(threads, thread) end
            wrong = 0
            function response(status, headers, body)
              local count, place = 0, 1
              while true do
                local first, last = body:find('\(mark)', place, true)
                if not first then break end
                count, place = count + 1, last + 1
              end
              if status ~= 200 or count ~= \(times) then wrong = wrong + 1 end
            end
            function all() local sum = 0; for _, t in ipairs(threads) do sum = sum + t:get('wrong') end; return sum end

            """
        return try await run(watch + Self.summary, wire, path, 8, seconds)
    }

    /// A request with a body of its own. `body` stands in a string of Lua.
    struct Post: Sendable {
        let path: String
        let token: String
        let body: String
    }

    /// One after the other, again from the first.
    func post(_ wire: Wire, _ posts: [Post], connections: Int, seconds: Int) async throws -> Result {
        let lines = posts.map { "{'\($0.path)', 'Bearer \($0.token)', \"\($0.body)\"}" }.joined(separator: ",\n")
        let ask = """
            local posts, place = {\(lines)}, 0
            function request()
              place = place % #posts + 1
              local post = posts[place]
              return wrk.format('POST', post[1], {['Host'] = '\(wire.host)', ['Authorization'] = post[2], ['Content-Type'] = 'application/json'}, post[3])
            end

            """
        return try await run(ask + Self.summary, wire, "/", connections, seconds)
    }

    private func run(_ script: String, _ wire: Wire, _ path: String, _ connections: Int, _ seconds: Int) async throws -> Result {
        let file = house.folder.appending(path: "load.lua")
        try Data(script.utf8).write(to: file)
        let text = try await tool.run([
            "-t", "1", "-c", String(connections), "-d", "\(seconds)s", "--timeout", "10s", "-s", file.path,
            "-H", "Host: \(wire.host)", "-H", "Cookie: portico=\(house.token.text)", "http://127.0.0.1:\(wire.port)\(path)"
        ])
        guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("{") }) else {
            throw ToolFailed(description: "wrk said nothing that can be read: \(text.suffix(500))")
        }
        return try JSONDecoder().decode(Result.self, from: Data(line.utf8))
    }

    private static let summary = """
        function done(summary, latency, requests)
          local e = summary.errors
          io.write(string.format('{"requests":%d,"micros":%d,"bytes":%d,"p50":%d,"p99":%d,"most":%d,"refused":%d,"broken":%d,"wrong":%d}\\n',
            summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99), latency.max,
            e.status, e.connect + e.read + e.write + e.timeout, all and all() or 0))
        end
        """
}
