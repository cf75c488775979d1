/// An amount as Kubernetes writes it: `10M`, `1.5Gi`, `100m`, `2e3` (apimachinery `resource.Quantity`).
///
/// Not negative: nothing that is read here can be.
package struct Quantity: Hashable, Sendable {
    /// Rounded up to a whole number, as `Quantity.Value` does.
    package let value: UInt64

    /// Nil for what is no quantity, is negative, or does not fit.
    package init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, number.contains(where: \.isNumber), let scale = Scale(text.dropFirst(number.count))
        else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : ""
        // So many digits are exact in the arithmetic below; more say nothing about a whole number that fits.
        guard parts[0].count <= 19, fraction.count <= 9, let digits = UInt128(parts[0] + fraction) else { return nil }
        let divisor = (0..<fraction.count).reduce(scale.divisor) { product, _ in product * 10 }
        let (scaled, overflow) = digits.multipliedReportingOverflow(by: scale.factor)
        guard !overflow, let value = UInt64(exactly: (scaled + divisor - 1) / divisor) else { return nil }
        self.value = value
    }

    private struct Scale {
        var factor: UInt128 = 1
        var divisor: UInt128 = 1

        init?(_ suffix: Substring) {
            if let power = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].firstIndex(of: String(suffix)) {
                factor = 1 << (10 * (power + 1))
            } else if let power = ["", "k", "M", "G", "T", "P", "E"].firstIndex(of: String(suffix)) {
                factor = Self.ten(3 * power)
            } else if let power = ["m", "u", "n"].firstIndex(of: String(suffix)) {
                divisor = Self.ten(3 * (power + 1))
            } else if let first = suffix.first, first == "e" || first == "E",
                let power = Int(suffix.dropFirst()), (-18...18).contains(power)
            {
                if power < 0 { divisor = Self.ten(-power) } else { factor = Self.ten(power) }
            } else {
                return nil
            }
        }

        private static func ten(_ power: Int) -> UInt128 { (0..<power).reduce(1) { product, _ in product * 10 } }
    }
}
