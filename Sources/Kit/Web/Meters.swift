import Synchronization

/// The process's figures in Prometheus' text format. Labels are route patterns and status codes, never ids or tenants' texts.
public final class Meters: Sendable {
    private struct Key: Hashable {
        let route: String
        let status: Int
    }

    fileprivate struct Histogram {
        var buckets = [Int](repeating: 0, count: Meters.bounds.count)
        var count = 0
        var sum = 0.0
    }

    private struct Figures {
        var requests: [Key: Int] = [:]
        var seconds: [String: Histogram] = [:]
        var counters: [String: Int] = [:]
    }

    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
    // One lock for all event loops would be fought over at 10,000 requests a second: stripes are summed when they are read.
    private let stripes: [Stripe]

    private final class Stripe: Sendable {
        let figures = Mutex(Figures())
    }

    public init() {
        stripes = (0..<8).map { _ in Stripe() }
    }

    func request(route: String, status: Int, seconds: Double) {
        let stripe = stripes[Int.random(in: 0..<stripes.count)]
        stripe.figures.withLock { figures in
            figures.requests[Key(route: route, status: status), default: 0] += 1
            figures.seconds[route, default: Histogram()].note(seconds)
        }
    }

    public func add(_ counter: String, _ amount: Int = 1) {
        guard let stripe = stripes.first else { return }
        stripe.figures.withLock { $0.counters[counter, default: 0] += amount }
    }

    /// Everything so far, plus gauges that the caller reads now.
    func text(gauges: [(String, Double)]) -> String {
        var total = Figures()
        for stripe in stripes {
            stripe.figures.withLock { figures in
                total.requests.merge(figures.requests, uniquingKeysWith: +)
                total.counters.merge(figures.counters, uniquingKeysWith: +)
                total.seconds.merge(figures.seconds) { $0.adding($1) }
            }
        }
        var lines = ["# TYPE portico_requests_total counter"]
        for (key, count) in total.requests.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }) {
            lines.append("portico_requests_total{route=\"\(key.route)\",status=\"\(key.status)\"} \(count)")
        }
        lines.append("# TYPE portico_request_seconds histogram")
        for (route, histogram) in total.seconds.sorted(by: { $0.key < $1.key }) {
            lines += histogram.lines(route)
        }
        for (name, value) in total.counters.sorted(by: { $0.key < $1.key }) {
            lines += ["# TYPE portico_\(name) counter", "portico_\(name) \(value)"]
        }
        for (name, value) in gauges {
            lines += ["# TYPE portico_\(name) gauge", "portico_\(name) \(value)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Meters.Histogram {
    fileprivate mutating func note(_ seconds: Double) {
        count += 1
        sum += seconds
        if let index = Meters.bounds.firstIndex(where: { seconds <= $0 }) { buckets[index] += 1 }
    }

    fileprivate func adding(_ other: Self) -> Self {
        var both = self
        both.count += other.count
        both.sum += other.sum
        both.buckets = zip(buckets, other.buckets).map(+)
        return both
    }

    fileprivate func lines(_ route: String) -> [String] {
        var running = 0
        var lines: [String] = []
        for (bound, count) in zip(Meters.bounds, buckets) {
            running += count
            lines.append("portico_request_seconds_bucket{route=\"\(route)\",le=\"\(bound)\"} \(running)")
        }
        lines.append("portico_request_seconds_bucket{route=\"\(route)\",le=\"+Inf\"} \(count)")
        lines.append("portico_request_seconds_sum{route=\"\(route)\"} \(sum)")
        lines.append("portico_request_seconds_count{route=\"\(route)\"} \(count)")
        return lines
    }
}
