/// Why a body was not taken. The message is for the person or program that sent it: it repeats nothing of the body.
public enum BodyError: Error, Equatable, Sendable {
    /// Not well-formed: broken percent escapes, bad UTF-8, a JSON text with a trailing comma, a missing boundary.
    case malformed(String)
    /// Beyond one of the ``FormLimits``.
    case tooLarge(String)
    /// A content type that no form speaks.
    case unsupported(String)

    public var status: Int {
        switch self {
        case .malformed: 400
        case .tooLarge: 413
        case .unsupported: 415
        }
    }

    public var message: String {
        switch self {
        case .malformed(let message), .tooLarge(let message), .unsupported(let message): message
        }
    }
}
