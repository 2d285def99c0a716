import Foundation

/// A question to a service outside.
public struct OutboundRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    /// Who chose the address.
    public enum Entered: Sendable {
        /// In the environment; it may lie anywhere.
        case byOperator
        /// In the pages or the file of a company; it may not lie in a private network.
        case byTenant
    }

    public var method: Method
    public var url: String
    public var entered: Entered
    public var fields: [OutboundField]
    public var body: [UInt8]
    /// For everything, from looking the name up to the answer's last byte.
    public var total: Duration
    /// The longest answer that is read.
    public var mostBytes: Int

    public init(
        _ method: Method, _ url: String, entered: Entered, fields: [OutboundField] = [], body: [UInt8] = [],
        total: Duration = .seconds(10), mostBytes: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.entered = entered
        self.fields = fields
        self.body = body
        self.total = total
        self.mostBytes = mostBytes
    }
}

public struct OutboundField: Sendable, Equatable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What came back.
public struct OutboundAnswer: Sendable, Equatable {
    public let status: Int
    public let fields: [OutboundField]
    public let body: [UInt8]

    public init(status: Int, fields: [OutboundField] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The first field of that name, in any case.
    public subscript(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Who is asked, on whose behalf: what fails for one company rests for that company alone.
public struct OutboundService: Sendable, Hashable {
    public let name: String
    public let tenant: Int32

    public init(_ name: String, tenant: Int32) {
        self.name = name
        self.tenant = tenant
    }
}

/// Why there is no answer.
public enum OutboundError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No http or https address, or one with a password in it.
    case invalidAddress
    /// The address leads into a private network.
    case forbidden(String)
    /// The service failed lately, or asked for a pause; it is not bothered for that many seconds.
    case resting(seconds: Int)
    case late
    case tooLarge
    case unreachable(String)

    /// Whether the service is to blame.
    var isOutside: Bool {
        switch self {
        case .invalidAddress, .forbidden, .resting: false
        case .late, .tooLarge, .unreachable: true
        }
    }

    public var description: String {
        switch self {
        case .invalidAddress: "This is no address that can be asked"
        case .forbidden(let host): "\(host) lies in a private network"
        case .resting(let seconds): "The service rests for another \(seconds) s"
        case .late: "The service did not answer in time"
        case .tooLarge: "The answer is too large"
        case .unreachable(let why): "The service cannot be reached: \(why)"
        }
    }
}
