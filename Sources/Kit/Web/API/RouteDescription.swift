import Forms
import Tenancy

/// What a route does, for programs: what the document and the manual say of it besides what the route table knows.
public struct RouteDescription: Sendable {
    /// Reads a body's fields off the form, as the handler does; the company's settings may decide which there are.
    public typealias Body = @Sendable (inout FormReader, Tenant) throws -> Void

    public enum Answer: Sendable {
        case json(JSONShape)
        /// Bytes of that media type.
        case file(String)
        /// 303 to where the answer is, 302 away from here.
        case elsewhere
        case nothing
    }

    /// A sentence in English, as the rest of the interface is.
    public internal(set) var summary: String
    public internal(set) var notes: [String] = []
    public internal(set) var query: [FieldShape] = []
    public internal(set) var body: Body?
    /// Fields that the handler takes from the body without a draft.
    public internal(set) var more: [FieldShape] = []
    public internal(set) var answers: [(status: Int, answer: Answer)] = []
    /// Besides those that every route of its kind has.
    public internal(set) var failures: Set<Int> = []
    /// Whether the same `Idempotency-Key` gets the same answer again.
    public internal(set) var isOnce = false
    /// Whether it has an ETag, and answers 304 to who has it already.
    public internal(set) var isKept = false
    /// Why the type of an answer could not be read; a test says so.
    public internal(set) var mistakes: [String] = []

    init(_ summary: String) {
        self.summary = summary
    }

    public func fields(_ tenant: Tenant) -> [FieldShape] {
        (body.map { body in FormReader.shapes { try body(&$0, tenant) } } ?? []) + more
    }
}

/// A route that was just added, to be told about.
public struct AddedRoute {
    let routes: Routes
    /// Its line of the table that programs use; nil for a page.
    let place: Int?

    /// What it does: "Reports a fault.".
    @discardableResult public func tells(_ summary: String) -> AddedRoute { change { $0.summary = summary } }

    /// Another sentence.
    @discardableResult public func notes(_ note: String) -> AddedRoute { change { $0.notes.append(note) } }

    /// What the address may ask for.
    @discardableResult public func asks(_ fields: FieldShape...) -> AddedRoute { change { $0.query += fields } }

    @discardableResult public func asks(_ fields: [FieldShape]) -> AddedRoute { change { $0.query += fields } }

    /// What the body says; the handler reads it with the same draft.
    @discardableResult public func takes(_ body: @escaping RouteDescription.Body) -> AddedRoute { change { $0.body = body } }

    @discardableResult public func takes(_ body: @escaping @Sendable (inout FormReader) throws -> Void) -> AddedRoute {
        change { $0.body = { form, _ in try body(&form) } }
    }

    /// What the handler takes from the body without a draft.
    @discardableResult public func takes(fields: FieldShape...) -> AddedRoute { change { $0.more += fields } }

    @discardableResult public func takes(fields: [FieldShape]) -> AddedRoute { change { $0.more += fields } }

    @discardableResult public func gives<Value: Decodable>(_ type: Value.Type, _ status: Int = 200) -> AddedRoute {
        change { description in
            do {
                description.answers.append((status, .json(try JSONShape.of(type))))
            } catch {
                description.mistakes.append("\(error)")
            }
        }
    }

    @discardableResult public func gives(_ shape: JSONShape, _ status: Int = 200) -> AddedRoute {
        change { $0.answers.append((status, .json(shape))) }
    }

    /// A page of a list, with `cursor` and `limit`.
    @discardableResult public func lists<Item: Decodable>(_ type: Item.Type) -> AddedRoute { asks(.paging).listsAll(type) }

    /// A list that is never so long that it has pages.
    @discardableResult public func listsAll<Item: Decodable>(_ type: Item.Type) -> AddedRoute {
        change { description in
            do {
                description.answers.append((200, .json(.page(of: try JSONShape.of(type)))))
            } catch {
                description.mistakes.append("\(error)")
            }
        }
    }

    /// 201.
    ///
    /// - Parameter once: whether the same `Idempotency-Key` gets the same answer again.
    @discardableResult public func creates<Value: Decodable>(_ type: Value.Type, once: Bool = true) -> AddedRoute {
        gives(type, 201).change { $0.isOnce = once }
    }

    /// The same `Idempotency-Key` gets the same answer again.
    @discardableResult public func once() -> AddedRoute { change { $0.isOnce = true } }

    @discardableResult public func gives(file type: String) -> AddedRoute { change { $0.answers.append((200, .file(type))) } }

    /// It has an ETag.
    @discardableResult public func kept() -> AddedRoute { change { $0.isKept = true } }

    /// 204.
    @discardableResult public func givesNothing() -> AddedRoute { change { $0.answers.append((204, .nothing)) } }

    /// 303 to the address with the answer.
    @discardableResult public func leadsElsewhere() -> AddedRoute { change { $0.answers.append((303, .elsewhere)) } }

    /// 302 to an address that is not ours.
    @discardableResult public func leaves() -> AddedRoute { change { $0.answers.append((302, .elsewhere)) } }

    /// 101: another protocol from then on.
    @discardableResult public func switches() -> AddedRoute { change { $0.answers.append((101, .nothing)) } }

    /// Statuses that only some routes have: 410, 422, 429, …
    @discardableResult public func fails(_ statuses: Int...) -> AddedRoute { change { $0.failures.formUnion(statuses) } }

    @discardableResult private func change(_ body: (inout RouteDescription) -> Void) -> AddedRoute {
        if let place { routes.describe(place, body) }
        return self
    }
}

extension [FieldShape] {
    /// `cursor` and `limit` (`Incoming.cursor`, `Incoming.limit`).
    public static var paging: [FieldShape] {
        [
            .text("cursor", max: 60, "Where the page begins: the `nextCursor` of the last one"),
            FieldShape("limit", .int(1...Int(Int32.max)), note: "How many items, 20 unless told; more than 100 are never given")
        ]
    }
}

extension JSONShape {
    /// `{"status": "…"}`, where nothing else is to be said.
    public static func status(_ words: String...) -> JSONShape { .object(.init(nil, [.init("status", .choice(words))])) }

    /// `{items, nextCursor, total}` (`ListJSON`).
    public static func page(of item: JSONShape) -> JSONShape {
        .object(
            .init(
                nil,
                [.init("items", .list(item)), .init("nextCursor", .text, always: false), .init("total", .integer)]))
    }
}
