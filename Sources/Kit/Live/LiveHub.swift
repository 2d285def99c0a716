import Database
import Foundation
import Synchronization

/// Who watches what in this process.
public final class LiveHub: Sendable {
    struct Member: Hashable {
        let tenant: Int32
        let id: UUID
    }

    fileprivate struct Place {
        let socket: LiveSocket
        var watched: Set<UUID> = []
    }

    fileprivate struct State {
        var sockets: [ObjectIdentifier: Place] = [:]
        var perMember: [Member: Int] = [:]
        var watchers: [UUID: [ObjectIdentifier: LiveSocket]] = [:]
        /// When what changed was heard of last, for pages that were rendered before they had a socket.
        var heard: [UUID: Date] = [:]
        /// Nothing before this is remembered.
        var remembers = Date()
        /// Whose first socket has opened or whose last one has closed since somebody asked.
        var stirred: Set<Member> = []
    }

    private let state = Mutex(State())
    let voices = LiveVoices()

    public init() {}

    /// Sockets that are open now.
    public var count: Int { state.withLock { $0.sockets.count } }

    func isFull(for member: Member) -> Bool {
        state.withLock {
            $0.sockets.count >= LiveLimits.sockets || $0.perMember[member, default: 0] >= LiveLimits.socketsOfMember
        }
    }

    /// False where it came too late.
    func join(_ socket: LiveSocket) -> Bool {
        state.withLock { state in
            guard state.perMember[socket.member, default: 0] < LiveLimits.socketsOfMember else { return false }
            state.sockets[ObjectIdentifier(socket)] = Place(socket: socket)
            state.perMember[socket.member, default: 0] += 1
            if state.perMember[socket.member] == 1 { state.stirred.insert(socket.member) }
            return true
        }
    }

    func leave(_ socket: LiveSocket) {
        state.withLock { state in
            let id = ObjectIdentifier(socket)
            guard let place = state.sockets.removeValue(forKey: id) else { return }
            state.perMember[socket.member, default: 1] -= 1
            if state.perMember[socket.member] == 0 { state.perMember[socket.member] = nil }
            for tag in place.watched { state.drop(id, tag) }
        }
    }

    func watch(_ tag: UUID, _ socket: LiveSocket) {
        let id = ObjectIdentifier(socket)
        state.withLock { state in
            // It may have been closed meanwhile.
            guard state.sockets[id]?.watched.insert(tag) != nil else { return }
            state.watchers[tag, default: [:]][id] = socket
        }
    }

    func unwatch(_ tag: UUID, _ socket: LiveSocket) {
        state.withLock { $0.drop(ObjectIdentifier(socket), tag) }
    }

    func tell(_ tags: some Sequence<UUID>, now: Date = Date()) {
        for tag in tags {
            let watchers = state.withLock { state in
                state.heard[tag] = now
                return state.watchers[tag].map { Array($0.values) } ?? []
            }
            for socket in watchers { socket.changed(tag) }
        }
    }

    func watchers(of tag: UUID) -> [LiveSocket] { state.withLock { $0.watchers[tag].map { Array($0.values) } ?? [] } }

    /// Who has a socket at this process, by company, or had one for a moment; only those for whom that is new, unless all.
    public func present(all: Bool) -> [Int32: [UUID]] {
        let members = state.withLock { state in
            defer { state.stirred = [] }
            return all ? state.stirred.union(state.perMember.keys) : state.stirred
        }
        return Dictionary(grouping: members, by: \.tenant).mapValues { $0.map(\.id) }
    }

    func mayHaveChanged(_ tag: UUID, since: Date) -> Bool {
        state.withLock { state in
            let since = since - LiveLimits.skew
            return since < state.remembers || state.heard[tag].map { $0 >= since } ?? false
        }
    }

    /// Lets go of what no page on its way can ask for.
    func forget(now: Date = Date()) {
        state.withLock { state in
            let oldest = now - LiveLimits.memory
            guard oldest > state.remembers else { return }
            state.remembers = oldest
            state.heard = state.heard.filter { $0.value >= oldest }
        }
        voices.forget()
    }

    /// Something may have been missed.
    func tellAllToLook(now: Date = Date()) {
        let sockets = state.withLock { state in
            (state.remembers, state.heard) = (now, [:])
            return state.sockets.values.map(\.socket)
        }
        for socket in sockets { socket.resync() }
    }
}

extension LiveHub.State {
    fileprivate mutating func drop(_ socket: ObjectIdentifier, _ tag: UUID) {
        sockets[socket]?.watched.remove(tag)
        watchers[tag]?[socket] = nil
        if watchers[tag]?.isEmpty == true { watchers[tag] = nil }
    }
}
