import Web

extension Permission {
    /// Answers residents: everybody of the company may write to those who hold it.
    package static let answerMessages = Permission("messages:answer")
    /// Looks after messages that somebody has reported.
    package static let moderateMessages = Permission("messages:moderate")

    package static let messaging: [Permission] = [.answerMessages, .moderateMessages]
}
