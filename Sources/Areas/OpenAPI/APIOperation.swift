import Forms
import HTTPTypes
import Tenancy
import Web

/// One method of one address, with what its company takes there.
package struct APIOperation: Sendable {
    package let route: Route
    package let about: RouteDescription
    package let fields: [FieldShape]

    /// Nil for what is not described.
    package init?(_ route: Route, _ tenant: Tenant) {
        guard let about = route.description else { return nil }
        self.route = route
        self.about = about
        fields = about.fields(tenant)
    }

    package var path: String { route.path }
    var method: String { route.method.rawValue }
    var changes: Bool { route.method != .get }

    /// "getFaultsByFault": stable as long as the address is. What stands outside `/api/v1` keeps all of its words.
    var id: String {
        let address = path.hasPrefix("/api/v1/") ? path.dropFirst(8) : path[...]
        let words = address.split { "/-._".contains($0) }
        return method.lowercased()
            + words.map { word in
                let name = word.filter { $0 != "{" && $0 != "}" }
                return (word.hasPrefix("{") ? "By" : "") + name.prefix(1).uppercased() + name.dropFirst()
            }.joined()
    }

    /// Names in the address: `{id}`.
    var parameters: [String] { path.matches(of: /\{([a-z]+)\}/).map { String($0.1) } }

    /// What it answers when it does not do what it was asked; every one of them is the same envelope.
    package var failures: [Int] {
        var all = about.failures.union([400, 503])
        if case .anyone = route.audience {} else { all.formUnion([401, 403]) }
        if !parameters.isEmpty || changes { all.insert(404) }
        if changes { all.formUnion([409, 413, 415]) }
        if about.isOnce { all.insert(422) }
        return all.sorted()
    }

    /// Media types of the body; none when nothing is read from it.
    var bodyTypes: [String] { changes && !fields.isEmpty ? route.body.programTypes : [] }

    /// What it answers when all is well, by status.
    package var answers: [(status: Int, answers: [RouteDescription.Answer])] {
        Dictionary(grouping: about.answers, by: \.status).sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(\.answer)) }
    }
}

/// What stands together: the operations of one chapter, in the order of the routes.
struct APIChapter {
    let title: String
    let operations: [APIOperation]

    /// In addresses: "sign-ins-and-tokens".
    var name: String { title.lowercased().split { !$0.isLetter }.joined(separator: "-") }
}

extension [APIOperation] {
    var chapters: [APIChapter] {
        var titles: [String] = []
        for one in self where !titles.contains(one.route.chapter) { titles.append(one.route.chapter) }
        return titles.map { title in APIChapter(title: title, operations: filter { $0.route.chapter == title }) }
    }
}
