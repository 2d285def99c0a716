import Foundation

/// How a connection is made.
struct ConnectionSettings: Sendable {
    var url: String
    var role: String?
    var password: String?
    var applicationName: String
    var statementTimeout: Duration?
    var connectTimeout: Duration = .seconds(5)
    /// How long a read may hold up those behind it.
    var patience: Duration = .milliseconds(50)

    /// libpq's keywords. The URL comes first, so that what follows wins over it.
    var keywords: [(String, String)] {
        var list = [("dbname", url)]
        if let role { list.append(("user", role)) }
        if let password { list.append(("password", password)) }
        list.append(("application_name", applicationName))
        list.append(("client_encoding", "UTF8"))
        list.append(("connect_timeout", String(max(2, connectTimeout.milliseconds / 1_000))))
        // A peer that is gone without a word is noticed in half a minute even when nothing is being asked.
        list.append(("keepalives_idle", "15"))
        list.append(("keepalives_interval", "5"))
        list.append(("keepalives_count", "3"))
        list.append(("tcp_user_timeout", "30000"))
        if let statementTimeout { list.append(("options", "-c statement_timeout=\(statementTimeout.milliseconds)")) }
        return list
    }

    /// Calls libpq with the keywords and values as the C arrays that it wants.
    func withKeywords<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
        let names = keywords.map { strdup($0.0) }
        let values = keywords.map { strdup($0.1) }
        defer { for pointer in names + values { free(pointer) } }
        let nameList: [UnsafePointer<CChar>?] = names.map { UnsafePointer($0) } + [nil]
        let valueList: [UnsafePointer<CChar>?] = values.map { UnsafePointer($0) } + [nil]
        return nameList.withUnsafeBufferPointer { names in
            valueList.withUnsafeBufferPointer { values in
                withExtendedLifetime(self) { Self.call(names, values, body) }
            }
        }
    }

    private static func call<T>(
        _ names: UnsafeBufferPointer<UnsafePointer<CChar>?>, _ values: UnsafeBufferPointer<UnsafePointer<CChar>?>,
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> T
    ) -> T {
        guard let names = names.baseAddress, let values = values.baseAddress else {
            preconditionFailure("a list with its end is not empty")
        }
        return body(names, values)
    }
}
