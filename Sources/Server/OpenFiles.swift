import Foundation

enum OpenFiles {
    /// Lets this process have as many sockets as the system allows it; Linux begins with 1,024, which is one per open page.
    static func allowAll() {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limits) == 0, limits.rlim_cur < limits.rlim_max else { return }
        limits.rlim_cur = limits.rlim_max
        _ = setrlimit(resource, &limits)
    }
}
