import Foundation

/// What goes over the wire: OpenAI's reference of chat completions, the part that everybody speaks.
struct ChatQuestion: Encodable {
    struct Message: Encodable {
        let role: String
        let content: Content
    }

    enum Content: Encodable {
        case text(String)
        case parts([Part])

        static func of(_ text: String, _ pictures: [[UInt8]]) -> Content {
            guard !pictures.isEmpty else { return .text(text) }
            return .parts([Part(text: text)] + pictures.map { Part(jpeg: $0) })
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .parts(let parts): try container.encode(parts)
            }
        }
    }

    struct Part: Encodable {
        struct Image: Encodable {
            let url: String
        }

        let type: String
        var text: String?
        var image_url: Image?

        init(text: String) {
            type = "text"
            self.text = text
        }

        init(jpeg: [UInt8]) {
            type = "image_url"
            image_url = Image(url: "data:image/jpeg;base64," + Data(jpeg).base64EncodedString())
        }
    }

    struct Format: Encodable {
        var type = "json_object"
    }

    let model: String
    let messages: [Message]
    var temperature = 0
    var max_tokens = 300
    var response_format = Format()
}

struct ChatReply: Decodable {
    struct Choice: Decodable {
        struct Message: Decodable {
            let content: String?
        }

        let message: Message
    }

    let choices: [Choice]
}
