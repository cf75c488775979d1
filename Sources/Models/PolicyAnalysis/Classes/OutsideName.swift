package import NetworkTypes

/// Hosts outside whose names no rule tells apart.
package struct OutsideName: Hashable, Sendable {
    /// `dns:www.example.com`, `dns:*.example.com` for names with one label more, `dns:**.example.com` for all below it.
    package let words: String
    /// One of the names: the one that is asked for all.
    package let example: DomainName
}
