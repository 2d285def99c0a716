/// The icons of the sprite `Public/icons/icons.svg`; a name that is not here does not compile.
public enum Icon: String, Sendable, CaseIterable, Codable {
    case house, inbox, tools, wrench, building, buildings, door = "door-open", people, person, bell, search, filter = "funnel"
    case plus = "plus-lg", pencil, trash, check = "check-lg", checkCircle = "check-circle", cross = "x-lg", crossCircle = "x-circle"
    case warning = "exclamation-triangle", info = "info-circle", clock, hourglass = "hourglass-split", play, pause
    case repeated = "arrow-counterclockwise", camera, image, images, download, upload, calendar = "calendar3", list = "list-check"
    case chevronRight = "chevron-right", chevronLeft = "chevron-left", chevronDown = "chevron-down", up = "chevron-up"
    case gear, signOut = "box-arrow-right", signIn = "box-arrow-in-right", shield = "shield-check", activity, journal = "journal-text"
    case menu = "three-dots", more = "list", help = "question-circle", pin = "geo-alt", droplet, lightning, thermometer = "thermometer-half"
    case elevator = "arrow-down-up", bricks, tree, lock, brush, tag, chat = "chat-left-text", personPlus = "person-plus", flag, envelope, sun, moon
}
