import ArgumentParser
import Images

/// Not for people: the confined process that decodes strangers' photos.
struct ImageWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "image-worker", shouldDisplay: false)

    func run() {
        ImageWorker.main()
    }
}
