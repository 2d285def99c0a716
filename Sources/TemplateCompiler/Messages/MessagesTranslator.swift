/// Translates one `messages.yaml` into Swift.
enum MessagesTranslator {
    /// - Throws: `Diagnostics` with every mistake that was found.
    static func translate(source: String, file: String, module: String) throws -> String {
        MessagesWriter.swift(try MessagesReader.read(source, file: file), module: module, file: file)
    }
}
