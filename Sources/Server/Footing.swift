import CMalloc
import NIOCore
import NIOPosix

/// What the whole process stands on: where tasks run and how memory is kept.
enum Footing {
    /// Before anything else, on the main thread.
    @MainActor static func take() {
        // A request is read, answered and written on one event loop: handing it to another thread and back cost more than
        // rendering it. Nothing here may block; hashing, images and libpq have threads of their own.
        NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
        keepMemory()
    }

    /// A page needs some 100 KiB for a moment. By default glibc gives such memory back at once and asks for it again with the
    /// next page, which the kernel answers with a page fault every 4 KiB: a third of the time of rendering.
    private static func keepMemory() {
        mallopt(M_TRIM_THRESHOLD, 64 << 20)
        mallopt(M_TOP_PAD, 1 << 20)
        mallopt(M_MMAP_THRESHOLD, 8 << 20)
    }
}
