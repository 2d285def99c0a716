import Foundation
import HTTPTypes
import OpenAPI
import Synchronization
import Tenancy
import Testing
import Web

@testable import Forms
@testable import portico

/// Holds every answer that any test gets from the interface for programs against what the interface says of itself: the document is
/// true because nothing else passes.
enum Witness {
    private static let known = Mutex<[String: APIOperation]>([:])

    static func hear(_ answer: TestAnswer, to method: HTTPRequest.Method, _ target: String, at host: String?, _ app: App) {
        let path = String(target.prefix { $0 != "?" })
        guard path.hasPrefix("/api/") || path.hasPrefix("/.well-known/"), let host,
            let tenant = app.tenants.lookup(host: host), let operation = operation(method, path, tenant, app)
        else { return }
        for contradiction in contradictions(of: answer, to: operation) {
            Issue.record("\(method.rawValue) \(operation.path) answered \(answer.status): \(contradiction)")
        }
    }

    private static func operation(_ method: HTTPRequest.Method, _ path: String, _ tenant: Tenant, _ app: App) -> APIOperation? {
        let fitting = app.table.filter { $0.face == .api && fits($0.path, path) }
        // What is written out comes before what is a name: `faults/mine` is no fault, whatever the method.
        let best = fitting.min { $0.path.count(where: { $0 == "{" }) < $1.path.count(where: { $0 == "{" }) }
        guard let best, let route = fitting.first(where: { $0.path == best.path && $0.method == method }) else { return nil }
        let key = "\(tenant.id) \(tenant.revision) \(method) \(route.path)"
        if let operation = known.withLock({ $0[key] }) { return operation }
        guard let operation = APIOperation(route, tenant) else { return nil }
        known.withLock { $0[key] = operation }
        return operation
    }

    private static func fits(_ pattern: String, _ path: String) -> Bool {
        let (wanted, given) = (pattern.split(separator: "/"), path.split(separator: "/"))
        return wanted.count == given.count
            && zip(wanted, given).allSatisfy { wanted, given in
                guard wanted.hasPrefix("{") else { return wanted == given }
                return given.hasSuffix(wanted.drop { $0 != "}" }.dropFirst())
                    && (wanted.hasSuffix("}") ? !given.contains(".") : true)
            }
    }

    // MARK: What is wrong

    static func contradictions(of answer: TestAnswer, to operation: APIOperation) -> [String] {
        var wrong = names(answer, operation)
        let type = answer.headers[.contentType] ?? ""
        if let (_, answers) = operation.answers.first(where: { $0.status == answer.status }) {
            let reasons = answers.map { mismatch(answer, type, $0) }
            if !reasons.contains(nil) { wrong.append(reasons.compactMap { $0 }.joined(separator: "; or ")) }
        } else if operation.failures.contains(answer.status) {
            if let reason = mismatch(answer, type, .json(envelope)) { wrong.append(reason) }
        } else if !(answer.status == 304 && operation.about.isKept) {
            wrong.append("that status is not described: \(answer.text.prefix(200))")
        }
        return wrong
    }

    private static func mismatch(_ answer: TestAnswer, _ type: String, _ described: RouteDescription.Answer) -> String? {
        switch described {
        case .nothing: answer.bytes.isEmpty ? nil : "it has a body"
        case .elsewhere: answer.location == nil ? "it does not say where" : nil
        case .file(let media): type.hasPrefix(media) ? nil : "it is \(type), not \(media)"
        case .json(let shape):
            type.hasPrefix("application/json")
                ? (try? JSONValue(parsing: answer.bytes, limits: FormLimits())).map { shape.mismatch($0, "answer") }
                    ?? "it is no JSON"
                : "it is \(type), not JSON"
        }
    }

    private static let envelope = JSONShape.object(
        .init(
            nil,
            [
                .init("error", .text), .init("code", .text), .init("requestId", .text),
                .init(
                    "errors",
                    .list(.object(.init(nil, [.init("field", .text), .init("code", .text), .init("message", .text)]))),
                    always: false),
                .init("allowedTransitions", .list(.text), always: false), .init("triesLeft", .integer, always: false),
                .init("authorizationUrl", .text, always: false)
            ]))

    /// Names that the handler looked for, as `Server-Timing` tells them outside production, against those that are described.
    private static func names(_ answer: TestAnswer, _ operation: APIOperation) -> [String] {
        let timing = HTTPField.Name("Server-Timing").flatMap { answer.headers[$0] } ?? ""
        let asked = timing.matches(of: /(query|body);desc="([^"]*)"/).map { Set($0.2.split(separator: " ").map(String.init)) }
        guard asked.count == 2 else { return [] }
        let query = Set(operation.about.query.map(\.name))
        let body = Set(operation.fields.map(\.name))
        // Where a browser goes afterwards.
        var wrong = asked[0].subtracting(query).map { "\($0) is read from the address and not described" }
        wrong += asked[1].map(withoutNumbers).filter { !isDescribed($0, body) && $0 != "next" }
            .map { "\($0) is read from the body and not described" }
        guard (200..<300).contains(answer.status) else { return wrong }
        wrong += query.subtracting(asked[0]).map { "\($0) is described and not read from the address" }
        let needed = operation.fields.filter { $0.isRequired && !isRows($0) }.map(\.name)
        wrong += Set(needed).subtracting(asked[1]).map { "\($0) is described as needed and not read from the body" }
        return wrong.sorted()
    }

    private static func isRows(_ field: FieldShape) -> Bool {
        if case .rows = field.kinds.first { true } else { false }
    }

    private static func withoutNumbers(_ name: String) -> String {
        name.split(separator: ".").filter { Int($0) == nil }.joined(separator: ".")
    }

    /// Also a name that leads to described ones, or on from one.
    private static func isDescribed(_ name: String, _ fields: Set<String>) -> Bool {
        fields.contains { $0 == name || $0.hasPrefix(name + ".") || name.hasPrefix($0 + ".") }
    }
}

extension JSONShape {
    /// Nil when the value is of this shape; else what is wrong with it.
    func mismatch(_ value: JSONValue, _ place: String) -> String? {
        switch (self, value) {
        case (.any, _), (.text, .string), (.number, .number), (.bool, .bool), (.nullable, .null): return nil
        case (.integer, .number(let digits)) where Int(digits) != nil: return nil
        case (.instant, .string(let text)) where (try? Date(text, strategy: .iso8601)) != nil: return nil
        case (.choice(let values), .string(let text)) where values.contains(text): return nil
        case (.nullable(let shape), _): return shape.mismatch(value, place)
        case (.list(let item), .array(let items)):
            return items.enumerated().lazy.compactMap { item.mismatch($0.element, "\(place)[\($0.offset)]") }.first
        case (.map(let shape), .object(let members)):
            return members.lazy.compactMap { shape.mismatch($0.value, "\(place).\($0.name)") }.first
        case (.object(let object), .object(let members)):
            let given = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
            for field in object.fields {
                guard let value = given[field.name] else {
                    if field.isAlways { return "\(place).\(field.name) is missing" }
                    continue
                }
                if let wrong = field.shape.mismatch(value, "\(place).\(field.name)") { return wrong }
            }
            return members.first { member in !object.fields.contains { $0.name == member.name } }
                .map { "\(place).\($0.name) is not described" }
        default: return "\(place) is not what is described: \(value) for \(self)"
        }
    }
}
