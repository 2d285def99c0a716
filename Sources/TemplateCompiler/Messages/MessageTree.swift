/// `messages.yaml` as read: groups that hold messages.
struct MessageGroup {
    var name: String
    var messages: [Message] = []
    var groups: [MessageGroup] = []
}

struct Message {
    var key: String
    var location: Location
    var arguments: [(name: String, type: MessagePattern.ArgumentType)]
    /// In the order of `MessagesReader.languages`.
    var texts: [(language: String, pattern: MessagePattern)]
}
