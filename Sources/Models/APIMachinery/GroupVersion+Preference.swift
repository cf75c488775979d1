extension GroupVersion {
    /// The order in which discovery offers versions of a group: GA before beta before alpha, newer first, as Kubernetes
    /// orders version names.
    static func isPreferred(_ left: GroupVersion, over right: GroupVersion) -> Bool {
        switch (Priority(left.version), Priority(right.version)) {
        case (let a?, let b?): b < a
        case (.some, nil): true
        case (nil, .some): false
        case (nil, nil): left.version < right.version
        }
    }

    /// `v2beta3` is major 2, stage beta, minor 3.
    private struct Priority: Comparable {
        /// 3 GA, 2 beta, 1 alpha.
        var stage = 3
        var major = 0
        var minor = 0

        init?(_ version: String) {
            guard version.first == "v" else { return nil }
            var rest = version.dropFirst()
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits) else { return nil }
            major = number
            rest = rest.dropFirst(digits.count)
            if rest.isEmpty { return }
            for (word, rank) in [("beta", 2), ("alpha", 1)] where rest.hasPrefix(word) {
                guard let number = Int(rest.dropFirst(word.count)) else { return nil }
                stage = rank
                minor = number
                return
            }
            return nil
        }

        static func < (left: Priority, right: Priority) -> Bool {
            (left.stage, left.major, left.minor) < (right.stage, right.major, right.minor)
        }
    }
}
