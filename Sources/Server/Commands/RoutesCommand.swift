import ArgumentParser
import Foundation
import Tenancy
import Web

struct RoutesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "Print every route with its permission and roles.")

    @Flag(help: "As JSON.")
    var json = false

    func run() async throws {
        let folder = TenantFolder.load("tenants", rules: Sections.rules)
        let lines = RouteTable.lines(folder.tenants)
        if json {
            print(String(decoding: try JSON.encode(lines), as: UTF8.self))
        } else {
            for line in lines { print(line.text) }
        }
    }
}

/// The route table as people and tests read it.
enum RouteTable {
    struct Line: Encodable, Sendable {
        let method: String
        let path: String
        let face: String
        let permission: String
        /// Per company: the roles that may.
        let roles: [String: [String]]

        var text: String {
            let pad = method + String(repeating: " ", count: max(1, 7 - method.count))
            let who = roles.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.joined(separator: ", "))" }.joined(
                separator: "; ")
            return "\(pad)\(path)  \(permission)  \(who)"
        }
    }

    static func lines(_ tenants: [TenantConfiguration]) -> [Line] {
        AllRoutes.table.map { route in
            let (permission, roles): (String, (TenantConfiguration) -> [String]) =
                switch route.audience {
                case .anyone: ("(anyone)", { _ in ["anyone"] })
                case .member: ("(signed in)", { $0.roles.map(\.key) })
                case .holders(let permission):
                    (permission.name, { $0.roles.filter { $0.permissions.contains(permission.name) }.map(\.key) })
                }
            return Line(
                method: route.method.rawValue, path: route.path, face: route.face == .api ? "api" : "page",
                permission: permission,
                roles: Dictionary(tenants.map { ($0.slug, roles($0)) }, uniquingKeysWith: { $1 }))
        }
    }
}
