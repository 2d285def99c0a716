import Database
import Foundation
import HTML
import UI

/// The one host that is no company's: here operators look after all of them. Their accounts, sessions and log stand in tables of
/// their own, which no role that serves companies can read.
public struct PlatformHost: Sendable {
    /// Lower case, without port.
    public let host: String
    /// Signed in as `portico_platform`.
    let database: Database
    let doors: PlatformDoors

    public init(host: String, database: Database, doors: PlatformDoors) {
        self.host = host
        self.database = database
        self.doors = doors
    }
}

/// What the web part asks of the area that looks after the platform.
public struct PlatformDoors: Sendable {
    /// Finds the open session of a token hash and notes its use; `nil` when it has ended or its operator is disabled.
    public var session: @Sendable (_ hash: [UInt8], _ now: Date, Tx) async throws -> OperatorSession?
    public var navigation: @Sendable (_ context: OperatorContext) -> [NavItem]

    public init(
        session: @escaping @Sendable ([UInt8], Date, Tx) async throws -> OperatorSession?,
        navigation: @escaping @Sendable (OperatorContext) -> [NavItem]
    ) {
        self.session = session
        self.navigation = navigation
    }
}

/// An operator who is signed in.
public struct OperatorSession: Record, Sendable {
    public let id: UUID
    public let operatorID: UUID
    public let name: String
    public let email: String

    public init(row: Row) throws {
        id = try row["id"]
        operatorID = try row["operator_id"]
        name = try row["name"]
        email = try row["email"]
    }
}
