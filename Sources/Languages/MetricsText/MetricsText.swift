/// The metrics of one program in the Prometheus text format, version 0.0.4, family by family.
package struct MetricsText: Sendable {
    package enum Kind: String, Sendable {
        case counter, gauge
    }

    /// What all names begin with, as `gabion_egress_`.
    private let prefix: String
    package private(set) var text = ""

    package init(prefix: String) { self.prefix = prefix }

    /// A family of one value.
    package mutating func add(_ name: String, _ kind: Kind, _ value: some BinaryInteger) {
        add(name, kind, [("", "\(value)")])
    }

    /// A family by labels (`{address="…"}`, whose values need no escaping); without values there is none.
    package mutating func add(_ name: String, _ kind: Kind, _ values: [(labels: String, value: String)]) {
        if values.isEmpty { return }
        text += "# TYPE \(prefix)\(name) \(kind.rawValue)\n"
        for (labels, value) in values { text += "\(prefix)\(name)\(labels) \(value)\n" }
    }
}
