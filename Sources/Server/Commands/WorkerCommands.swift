import ArgumentParser
import Images
import Passwords

/// Not for people: the confined process that decodes strangers' photos.
struct ImageWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "image-worker", shouldDisplay: false)

    func run() {
        ImageWorker.main()
    }
}

/// Not for people: the process that hashes passwords while everything else goes first.
struct PasswordWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "password-worker", shouldDisplay: false)

    func run() {
        PasswordWorker.main()
    }
}
