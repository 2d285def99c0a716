import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Everything that goes to the outside by HTTP goes through here, so that no service outside can hold up, flood or mislead the house:
/// 3 s to connect, a time and a size for the whole answer, no redirects, a pause for services that fail, and no way into the operator's
/// own networks for addresses that a company entered.
public final class Outbound: Sendable {
    private let usual: Client
    private let names: NameLookup
    private let rules: AddressRules
    private let breaker: Breaker

    /// - Parameters:
    ///   - privateAddresses: `host:port` that companies may enter although they lie in private networks.
    ///   - clock: for the pauses.
    public init(
        privateAddresses: Set<String> = [], clock: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        usual = Client()
        names = NameLookup()
        rules = AddressRules(allowed: privateAddresses)
        breaker = Breaker(clock: clock)
    }

    /// Asks and reads the whole answer, whatever its status.
    ///
    /// - Throws: `OutboundError`, or `CancellationError`.
    public func send(_ request: OutboundRequest, to service: OutboundService) async throws -> OutboundAnswer {
        let target = try OutboundTarget(request.url)
        try breaker.enter(service)
        do {
            let answer = try await Self.within(request.total) { [self] in try await exchange(request, target) }
            breaker.note(answer, of: service)
            return answer
        } catch let error as OutboundError {
            if error.isOutside { breaker.failed(service) }
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            // The client counts the same time, and is sometimes first.
            breaker.failed(service)
            throw OutboundError.late
        } catch {
            breaker.failed(service)
            throw OutboundError.unreachable("\(error)")
        }
    }

    private func exchange(_ request: OutboundRequest, _ target: OutboundTarget) async throws -> OutboundAnswer {
        guard request.entered == .byTenant else { return try await usual.send(request) }
        let addresses = try await names.addresses(of: target)
        for address in addresses where !rules.permit(address, for: target) { throw OutboundError.forbidden(target.host) }
        guard let address = addresses.first?.ipAddress else { throw OutboundError.unreachable("\(target.host) has no address") }
        // A client of its own, which knows exactly the address that was looked at: a name that answers differently a moment later
        // is not asked again.
        return try await Client(addresses: [target.host: address]).send(request)
    }

    private static func within<T: Sendable>(
        _ time: Duration, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        try await withThrowingTaskGroup(of: T.self) { group in
            defer { group.cancelAll() }
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: time)
                throw OutboundError.late
            }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}
