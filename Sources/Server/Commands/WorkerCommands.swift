import ArgumentParser
import Images
import OCR
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

/// Not for people: the confined process that reads the words on photos.
struct OCRWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ocr-worker", shouldDisplay: false)

    @Argument(help: "Languages by the names of their data, as in deu.")
    var languages = ["deu", "eng"]

    func run() {
        OCRWorker.main(languages)
    }
}
