import CCurl
import Foundation

/// One exchange with another server through libcurl. Blocks; only for threads of our own.
final class Exchange {
    /// What came of it.
    struct Outcome {
        let code: CURLcode
        /// HTTP's status, or SMTP's last reply.
        let status: Int
        /// The last line that an SMTP server said, or the body of an HTTP answer; at most 64 KiB.
        let answer: String
        /// libcurl's own words for what went wrong.
        let error: String
        /// Whether everything we had to say was taken by libcurl, so that the other side may have it.
        let wasHandedOver: Bool
    }

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let curl: UnsafeMutableRawPointer
    private let errors = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let flow = Flow()
    private var lists: [UnsafeMutablePointer<curl_slist>?] = []

    /// nil when libcurl has no memory left.
    init?(_ address: String, protocols: String) {
        guard Self.isReady, let curl = curl_easy_init() else { return nil }
        self.curl = curl
        errors.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        portico_curl_buffer(curl, CURLOPT_ERRORBUFFER, errors)
        set(CURLOPT_URL, address)
        set(CURLOPT_PROTOCOLS_STR, protocols)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_CONNECTTIMEOUT, 5)
        set(CURLOPT_TIMEOUT, 30)
        set(CURLOPT_NOPROXY, "*")
        let context = Unmanaged.passUnretained(flow).toOpaque()
        portico_curl_flow(curl, CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, Flow.take, context)
    }

    deinit {
        curl_easy_cleanup(curl)
        for list in lists { curl_slist_free_all(list) }
        errors.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) { portico_curl_number(curl, option, value) }
    func set(_ option: CURLoption, _ value: String) { portico_curl_text(curl, option, value) }

    func set(_ option: CURLoption, _ values: [String]) {
        let list = values.reduce(into: UnsafeMutablePointer<curl_slist>?.none) { $0 = curl_slist_append($0, $1) }
        lists.append(list)
        portico_curl_list(curl, option, list)
    }

    /// What an SMTP server says, line by line.
    func listen() {
        portico_curl_flow(curl, CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, Flow.hear, Unmanaged.passUnretained(flow).toOpaque())
    }

    func upload(_ bytes: [UInt8]) {
        flow.outgoing = bytes[...]
        portico_curl_flow(curl, CURLOPT_READFUNCTION, CURLOPT_READDATA, Flow.give, Unmanaged.passUnretained(flow).toOpaque())
        set(CURLOPT_UPLOAD, 1)
    }

    func perform() -> Outcome {
        let code = curl_easy_perform(curl)
        let error = String(cString: errors)
        let isHTTP = flow.outgoing == nil
        return Outcome(
            code: code, status: portico_curl_figure(curl, CURLINFO_RESPONSE_CODE),
            answer: String(decoding: flow.incoming, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
            error: error.isEmpty ? String(cString: curl_easy_strerror(code)) : error,
            wasHandedOver: isHTTP ? portico_curl_figure(curl, CURLINFO_REQUEST_SIZE) > 0 : flow.isHandedOver)
    }
}

/// What flows through one exchange, reached from libcurl's callbacks.
private final class Flow {
    var outgoing: ArraySlice<UInt8>?
    var isHandedOver = false
    var incoming: [UInt8] = []

    static let take: portico_curl_pipe = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let flow = Unmanaged<Flow>.fromOpaque(context).takeUnretainedValue()
        let all = UnsafeRawBufferPointer(start: bytes, count: size * count)
        flow.incoming += all.prefix(max(0, 65_536 - flow.incoming.count))
        return size * count
    }

    /// Keeps the last line only.
    static let hear: portico_curl_pipe = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let flow = Unmanaged<Flow>.fromOpaque(context).takeUnretainedValue()
        flow.incoming = Array(UnsafeRawBufferPointer(start: bytes, count: size * count).prefix(1_000))
        return size * count
    }

    static let give: portico_curl_pipe = { target, size, count, context in
        guard let target, let context else { return 0 }
        let flow = Unmanaged<Flow>.fromOpaque(context).takeUnretainedValue()
        let next = (flow.outgoing ?? []).prefix(size * count)
        if next.isEmpty { flow.isHandedOver = true }
        UnsafeMutableRawBufferPointer(start: target, count: size * count).copyBytes(from: next)
        flow.outgoing = flow.outgoing?.dropFirst(next.count)
        return next.count
    }
}
