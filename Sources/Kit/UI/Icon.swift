/// The icons of the sprite `Public/icons/icons.svg`; a name that is not here does not compile.
public enum Icon: String, Sendable, CaseIterable, Codable {
    case house, inbox, bell, search, tools, wrench, people, person, building, buildings, activity, image, images
    case flag, gear, key, clock, pencil, trash, play, pause, upload, download, envelope
    case door = "door-open"
    case personPlus = "person-plus"
    case filter = "funnel"
    case plus = "plus-lg"
    case check = "check-lg"
    case checkCircle = "check-circle"
    case cross = "x-lg"
    case crossCircle = "x-circle"
    case warning = "exclamation-triangle"
    case info = "info-circle"
    case help = "question-circle"
    case repeated = "arrow-counterclockwise"
    case calendar = "calendar3"
    case journal = "journal-text"
    case chat = "chat-left-text"
    case more = "list"
    case chevronLeft = "chevron-left"
    case chevronRight = "chevron-right"
    case chevronDown = "chevron-down"
    case signIn = "box-arrow-in-right"
    case signOut = "box-arrow-right"
}
