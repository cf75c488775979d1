import FoundationEssentials

/// One line of the benchmarks: what was measured, against what, and whether that is good enough.
struct BenchMeasure: Codable, Hashable, Sendable {
    var measure: String
    var value: Double
    var unit: String
    /// The other side of a comparison, measured in the same run; nil where there is none.
    var baseline: Double?
    /// `value` over `baseline`.
    var ratio: Double?
    /// What was promised, as a person reads it: `≥ 0.9`, `< 50 ms`.
    var target: String?
    var met: Bool?

    /// A figure held against a limit, or against nothing.
    static func figure(_ measure: String, _ value: Double, _ unit: String, below limit: Double? = nil) -> BenchMeasure {
        BenchMeasure(
            measure: measure, value: value, unit: unit, target: limit.map { "< \(BenchTable.number($0)) \(unit)" },
            met: limit.map { value < $0 })
    }

    /// A figure held against another of the same run; `floor` is the ratio that is wanted.
    static func comparison(
        _ measure: String, _ value: Double, _ unit: String, against baseline: Double, ratio: Double,
        floor: Double? = nil
    ) -> BenchMeasure {
        BenchMeasure(
            measure: measure, value: value, unit: unit, baseline: baseline, ratio: ratio,
            target: floor.map { "≥ \(BenchTable.number($0))" }, met: floor.map { ratio >= $0 })
    }

    /// Samples taken in turns, baseline first: the ratio is the median of those of neighbours.
    static func pairs(_ measure: String, _ rows: [[Double]], _ unit: String, floor: Double = 0.9) -> BenchMeasure {
        .comparison(
            measure, rows.map { $0[1] }.median, unit, against: rows.map { $0[0] }.median,
            ratio: rows.map { $0[1] / $0[0] }.median, floor: floor)
    }
}

extension [Double] {
    /// The value that the given part of the samples does not exceed; 0 without samples.
    func percentile(_ part: Double) -> Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[Swift.min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    var median: Double { percentile(0.5) }
}

extension Duration {
    var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15 }
}
