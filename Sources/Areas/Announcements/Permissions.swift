import Web

extension Permission {
    /// Writes news, sees all of it and who has read it.
    package static let writeAnnouncements = Permission("announcements:write")

    package static let announcements: [Permission] = [.writeAnnouncements]
}
