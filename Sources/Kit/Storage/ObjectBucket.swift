import Foundation
import Outbound

/// Objects in a bucket of S3 or of anything that speaks its protocol.
struct ObjectBucket: ObjectShelf {
    let settings: BucketSettings
    let outbound: Outbound
    let now: @Sendable () -> Date
    /// Entries of one page of a list; S3 gives a thousand at most.
    var page = 1000

    /// K8: a try to store takes 5 s at most, so that whoever waits for it does not wait long.
    private static let patience = Duration.seconds(5)

    func write(_ bytes: [UInt8], _ key: ObjectKey) async throws {
        let answer = try await send(.put, key.description, tenant: key.tenant, body: bytes)
        guard answer.status == 200 else { throw failure(answer) }
    }

    func read(_ key: ObjectKey) async throws -> [UInt8] {
        let answer = try await send(.get, key.description, tenant: key.tenant, mostBytes: 64 << 20)
        guard answer.status == 200 else { throw failure(answer) }
        return answer.body
    }

    func size(_ key: ObjectKey) async throws -> Int? {
        let answer = try await send(.head, key.description, tenant: key.tenant)
        if answer.status == 404 { return nil }
        guard answer.status == 200, let length = answer["Content-Length"].flatMap({ Int($0) }) else { throw failure(answer) }
        return length
    }

    func remove(_ key: ObjectKey) async throws {
        let answer = try await send(.delete, key.description, tenant: key.tenant)
        guard [200, 204, 404].contains(answer.status) else { throw failure(answer) }
    }

    func list(_ tenant: Int32, before time: Date) async throws -> [ObjectKey] {
        var keys: [ObjectKey] = []
        let all = [("list-type", "2"), ("prefix", "t\(tenant)/"), ("max-keys", String(page))]
        var query = all
        repeat {
            let answer = try await send(.get, "", tenant: tenant, query: query, mostBytes: 8 << 20)
            guard answer.status == 200 else { throw failure(answer) }
            let page = BucketPage(answer.body)
            keys += page.objects.filter { $0.stored < time && $0.key.tenant == tenant }.map(\.key)
            guard let next = page.next else { return keys }
            query = all + [("continuation-token", next)]
        } while true
    }

    /// A bucket shows an object whole or not at all.
    func removeUnfinished(_ tenant: Int32, before time: Date) async throws -> Int { 0 }

    private func send(
        _ method: OutboundRequest.Method, _ name: String, tenant: Int32, query: [(String, String)] = [], body: [UInt8] = [],
        mostBytes: Int = 1 << 20
    ) async throws -> OutboundAnswer {
        let (host, path) = settings.place(name)
        let (time, payload) = (now(), SignatureV4.hash(body))
        let fields = [("host", host), ("x-amz-content-sha256", payload), ("x-amz-date", SignatureV4.stamp(time))]
        let signature = SignatureV4(key: settings.key, secret: settings.secret, region: settings.region)
            .authorization(method.rawValue, path: path, query: query, fields: fields, payload: payload, at: time)
        let words = query.isEmpty ? "" : "?" + SignatureV4.encode(query)
        let request = OutboundRequest(
            method, "\(settings.scheme)://\(host)\(path)\(words)", entered: .byOperator,
            fields: fields.dropFirst().map { OutboundField($0.0, $0.1) } + [OutboundField("authorization", signature)],
            body: body,
            total: method == .put ? Self.patience : .seconds(10), mostBytes: mostBytes)
        do {
            return try await outbound.send(request, to: OutboundService("s3", tenant: tenant))
        } catch let error as OutboundError {
            throw StorageError.unavailable("\(error)")
        }
    }

    private func failure(_ answer: OutboundAnswer) -> StorageError {
        answer.status == 404 ? .notFound : .unavailable("status \(answer.status)")
    }
}

/// One page of a bucket's list.
struct BucketPage {
    var objects: [(key: ObjectKey, stored: Date)] = []
    var next: String?

    /// Reads the few elements that matter; names that this store did not write are passed over.
    init(_ xml: [UInt8]) {
        let text = String(decoding: xml, as: UTF8.self)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for entry in text.components(separatedBy: "<Contents>").dropFirst() {
            guard let name = Self.element("Key", entry), let key = ObjectKey(name),
                let time = Self.element("LastModified", entry),
                let stored = (try? style.parse(time)) ?? (try? Date.ISO8601FormatStyle().parse(time))
            else { continue }
            objects.append((key, stored))
        }
        if Self.element("IsTruncated", text) == "true" { next = Self.element("NextContinuationToken", text) }
    }

    private static func element(_ name: String, _ text: String) -> String? {
        guard let start = text.range(of: "<\(name)>"),
            let end = text.range(of: "</\(name)>", range: start.upperBound..<text.endIndex)
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound]).replacing("&amp;", with: "&")
    }
}
