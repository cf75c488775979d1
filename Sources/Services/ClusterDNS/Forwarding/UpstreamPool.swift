import Synchronization

/// Those who know other names, and which of them have not answered of late.
final class UpstreamPool: Sendable {
    /// Who did not answer is asked last for so long.
    private static let penalty = Duration.seconds(5)
    private static let fewestAttempts = 3

    let places: [DNSPlace]
    private let failures = Mutex<[DNSPlace: ContinuousClock.Instant]>([:])

    init(_ places: [DNSPlace]) { self.places = places }

    /// Whom to ask, one after the other: each once, and a lone one again.
    var order: [DNSPlace] {
        let now = ContinuousClock.now
        let failed = failures.withLock { $0.filter { $0.value + Self.penalty > now } }
        let sorted = places.filter { failed[$0] == nil } + places.filter { failed[$0] != nil }
        guard !sorted.isEmpty, sorted.count < Self.fewestAttempts else { return sorted }
        return (0..<Self.fewestAttempts).map { sorted[$0 % sorted.count] }
    }

    /// True if it is news.
    func failed(_ place: DNSPlace) -> Bool {
        failures.withLock { $0.updateValue(.now, forKey: place) == nil }
    }

    /// True if it is news.
    func worked(_ place: DNSPlace) -> Bool {
        failures.withLock { $0.removeValue(forKey: place) != nil }
    }
}
