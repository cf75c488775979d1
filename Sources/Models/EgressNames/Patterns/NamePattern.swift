package import NetworkTypes

/// Which names a policy's text means: one name, or names below it.
package struct NamePattern: Hashable, Sendable {
    package enum Reach: UInt8, Hashable, Sendable, CaseIterable {
        /// The name itself.
        case itself
        /// Names with one label more.
        case children
        /// Names with at least one label more.
        case descendants
    }

    package let base: DomainName
    package let reach: Reach

    package init(_ base: DomainName, _ reach: Reach = .itself) {
        self.base = base
        self.reach = reach
    }

    package func matches(_ name: DomainName) -> Bool {
        switch reach {
        case .itself: name == base
        case .children: name.parent == base
        case .descendants: name != base && name.isWithin(base)
        }
    }
}

extension NamePattern: CustomStringConvertible {
    /// The same in every dialect: `example.com.`, `*.example.com.` for its children, `**.example.com.` for all below it.
    package var description: String { "\(["", "*.", "**."][Int(reach.rawValue)])\(base)" }

    /// Reads a `description`.
    package init?(_ text: some StringProtocol) {
        let reach: Reach = text.hasPrefix("**.") ? .descendants : text.hasPrefix("*.") ? .children : .itself
        guard let base = DomainName(text.dropFirst([0, 2, 3][Int(reach.rawValue)])) else { return nil }
        self.init(base, reach)
    }
}

/// A set of names that rules refer to: those of a pattern, but for others.
///
/// The kernel has one set of addresses for each.
package struct NameSelector: Hashable, Sendable {
    package let pattern: NamePattern
    /// Names that an earlier rule denies.
    package let exceptions: Set<NamePattern>

    package init(_ pattern: NamePattern, except exceptions: Set<NamePattern> = []) {
        self.pattern = pattern
        self.exceptions = exceptions
    }

    package func matches(_ name: DomainName) -> Bool {
        pattern.matches(name) && !exceptions.contains { $0.matches(name) }
    }
}
