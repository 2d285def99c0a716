import Forms
import Foundation
import HTTPTypes
import Web

/// The document itself: OpenAPI 3.1.
struct Document {
    private let operations: [APIOperation]
    private let company: String
    private let origin: String

    init(_ operations: [APIOperation], company: String, origin: String) {
        self.operations = operations
        self.company = company
        self.origin = origin
    }

    var tree: Tree {
        [
            "openapi": "3.1.0",
            "info": [
                "title": .text("\(company): Portico"), "version": "1",
                "description": .text(Rules.all.map { "## \($0.title)\n\n\($0.text)" }.joined(separator: "\n\n"))
            ],
            "servers": [["url": .text(origin)]], "tags": .list(operations.chapters.map { ["name": .text($0.title)] }),
            "paths": paths,
            "components": ["schemas": schemas, "securitySchemes": Self.schemes, "responses": responses, "headers": Self.headers]
        ]
    }

    // MARK: Operations

    private var paths: Tree {
        .object(
            Dictionary(grouping: operations, by: \.path).mapValues { methods in
                .object(
                    Dictionary(methods.map { ($0.method.lowercased(), operation($0)) }, uniquingKeysWith: { first, _ in first }))
            })
    }

    private func operation(_ one: APIOperation) -> Tree {
        var members: [String: Tree] = [
            "operationId": .text(one.id), "summary": .text(one.about.summary), "tags": [.text(one.route.chapter)],
            "security": security(one), "responses": answers(one),
            "description": .text(([one.about.summary] + one.about.notes + [one.who]).joined(separator: " "))
        ]
        let parameters = one.parameters.map(pathParameter) + one.about.query.map(queryParameter) + headers(one)
        if !parameters.isEmpty { members["parameters"] = .list(parameters) }
        if !one.bodyTypes.isEmpty {
            let types = one.bodyTypes.map { type in
                (type, ["schema": one.fields.objectSchema(binary: type == "multipart/form-data")] as Tree)
            }
            let isNeeded = one.fields.contains(where: \.isRequired)
            members["requestBody"] = [
                "required": .flag(isNeeded), "content": .object(Dictionary(types, uniquingKeysWith: { first, _ in first }))
            ]
        }
        return .object(members)
    }

    private func security(_ one: APIOperation) -> Tree {
        switch one.route.audience {
        case .anyone: []
        case .member: one.route.takesTokens ? [["access": []], ["personal": []]] : [["access": []]]
        case .holders(let permission): [["access": []], ["personal": [.text(permission.name)]]]
        }
    }

    private func pathParameter(_ name: String) -> Tree {
        ["name": .text(name), "in": "path", "required": true, "schema": ["type": "string", "minLength": 1]]
    }

    private func queryParameter(_ field: FieldShape) -> Tree {
        ["name": .text(field.jsonName), "in": "query", "required": .flag(field.isRequired), "schema": field.schema()]
    }

    private func headers(_ one: APIOperation) -> [Tree] {
        var all: [Tree] = []
        if one.about.isOnce {
            all.append([
                "name": "Idempotency-Key", "in": "header",
                "schema": ["type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[!-~]*$"],
                "description": "The same key gets the same answer again, for a day"
            ])
        }
        if one.about.isKept {
            all.append([
                "name": "If-None-Match", "in": "header", "schema": ["type": "string", "pattern": "^[!-~]*$"],
                "description": "The ETag of what you have: 304 when it is still so"
            ])
        }
        return all
    }

    private func answers(_ one: APIOperation) -> Tree {
        var all: [String: Tree] = [:]
        for (status, answers) in one.answers { all[String(status)] = answer(status, answers, isKept: one.about.isKept) }
        if one.about.isKept { all["304"] = ["description": "Still as you have it"] }
        for status in one.failures { all[String(status)] = .reference("responses/\(status)") }
        all["431"] = .reference("responses/431")
        return .object(all)
    }

    private func answer(_ status: Int, _ answers: [RouteDescription.Answer], isKept: Bool) -> Tree {
        var members: [String: Tree] = ["description": .text(Self.words[status] ?? "Done")]
        let shapes = answers.compactMap { if case .json(let shape) = $0 { shape.schema } else { nil } }
        if let first = shapes.first {
            members["content"] = ["application/json": ["schema": shapes.count == 1 ? first : ["anyOf": .list(shapes)]]]
        }
        for case .file(let type) in answers {
            let schema: Tree = type.hasSuffix("json") ? ["type": "object"] : [:]
            members["content"] = .object([type: ["schema": schema]])
        }
        var headers: [String: Tree] = [:]
        if status == 201 || status == 302 || status == 303 { headers["Location"] = .reference("headers/Location") }
        if isKept { headers["ETag"] = .reference("headers/ETag") }
        if !headers.isEmpty { members["headers"] = .object(headers) }
        return .object(members)
    }

    // MARK: Components

    private var schemas: Tree {
        var all: [String: Tree] = ["Error": Self.error]
        for object in operations.objects { if let name = object.name { all[name] = object.schema } }
        return .object(all)
    }

    private var responses: Tree {
        let statuses = Set(operations.flatMap(\.failures))
        var all = Dictionary(statuses.map { (String($0), Self.failure($0)) }, uniquingKeysWith: { first, _ in first })
        // The one that is given before anything is read: without the envelope.
        all["431"] = ["description": .text(Self.words[431] ?? "")]
        return .object(all)
    }

    private static func failure(_ status: Int) -> Tree {
        let body: Tree = [
            "description": .text(words[status] ?? "Not done"),
            "content": ["application/json": ["schema": .reference("schemas/Error")]]
        ]
        switch status {
        case 401: return body.with(["headers": ["WWW-Authenticate": .reference("headers/WWW-Authenticate")]])
        case 429: return body.with(["headers": ["Retry-After": .reference("headers/Retry-After")]])
        default: return body
        }
    }
}

extension [APIOperation] {
    /// Every object that an answer is made of, each once, by name.
    var objects: [JSONShape.Object] {
        var seen: Set<String> = []
        return flatMap { one in
            one.about.answers.flatMap { if case .json(let shape) = $0.answer { shape.objects } else { [] as [JSONShape.Object] } }
        }.filter { object in object.name.map { seen.insert($0).inserted } ?? false }
    }
}

extension APIOperation {
    /// Who may call it, in a sentence.
    var who: String {
        switch route.audience {
        case .anyone: "Open to everybody."
        case .member:
            "For everybody who is signed in\(route.takesTokens ? ", and for personal tokens" : "; not for personal tokens")."
        case .holders(let permission): "Needs the permission `\(permission.name)`."
        }
    }
}
