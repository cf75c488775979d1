package import NetworkTypes

/// `/etc/resolv.conf`: where a machine's or a pod's programs ask for names.
package struct ResolverFile: Hashable, Sendable {
    package var nameservers: [IPAddress]
    package var searches: [String]
    /// As `ndots:5`.
    package var options: [String]

    package init(nameservers: [IPAddress] = [], searches: [String] = [], options: [String] = []) {
        self.nameservers = nameservers
        self.searches = searches
        self.options = options
    }

    /// Reads what resolver(5) describes; lines that mean something else are passed over.
    ///
    /// The last `search` or `domain` counts. Nameservers with a zone (`fe80::1%eth0`) cannot be asked from here.
    package init(parsing text: some StringProtocol) {
        self.init()
        for line in text.split(whereSeparator: \.isNewline) where line.first != "#" && line.first != ";" {
            let words = line.split(whereSeparator: \.isWhitespace).map { String($0) }
            switch words.first {
            case "nameserver": nameservers += words[1...].prefix(1).compactMap { IPAddress($0) }
            case "search", "domain": searches = Array(words[1...])
            case "options": options += words[1...]
            default: break
            }
        }
    }

    /// The file; words that would be two, or another line, are left out.
    package var text: String {
        let isWord = { (word: String) in !word.isEmpty && !word.contains { $0.isWhitespace || $0.isNewline } }
        let (searches, options) = (searches.filter(isWord), options.filter(isWord))
        var lines = nameservers.map { "nameserver \($0)" }
        if !searches.isEmpty { lines.append("search " + searches.joined(separator: " ")) }
        if !options.isEmpty { lines.append("options " + options.joined(separator: " ")) }
        return lines.map { $0 + "\n" }.joined()
    }
}
