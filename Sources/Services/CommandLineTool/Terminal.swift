/// Text for a terminal.
enum Terminal {
    /// Control characters as `?`, and those that turn the direction of writing.
    ///
    /// No name may move a terminal's cursor, nor make a report show something else than it says.
    static func printable(_ text: String) -> String {
        String(
            text.map { character in
                character.unicodeScalars.contains { [.control, .format].contains($0.properties.generalCategory) }
                    ? "?" : character
            })
    }
}
