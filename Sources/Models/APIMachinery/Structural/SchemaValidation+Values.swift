import ClusterAPI

extension SchemaValidation {
    /// The first thing that is wrong with a text, as the real server stops there.
    func textErrors(_ text: String, _ checks: ValueChecks) -> [FieldError] {
        let count = Int64(text.unicodeScalars.count)
        if let most = checks.maxLength, count > most {
            return [invalid(.string(text), "should be at most \(most) chars long")]
        }
        if let least = checks.minLength, count < least {
            return [invalid(.string(text), "should be at least \(least) chars long")]
        }
        if let pattern = checks.pattern, !pattern.matches(text) {
            return [invalid(.string(text), "should match '\(pattern.text)'")]
        }
        return []
    }

    func numberErrors(_ value: JSONValue, _ checks: ValueChecks) -> [FieldError] {
        var errors: [FieldError] = []
        if let factor = checks.multipleOf, !Self.isMultiple(value, of: factor) {
            errors.append(invalid(value, "should be a multiple of \(factor.compactNumber)"))
        }
        if let least = checks.minimum, Self.isLess(value, least) || (checks.excludesMinimum && value.equals(least)) {
            let word = checks.excludesMinimum ? "greater than" : "greater than or equal to"
            errors.append(invalid(value, "should be \(word) \(least.compactNumber)"))
        }
        if let most = checks.maximum, Self.isLess(most, value) || (checks.excludesMaximum && value.equals(most)) {
            let word = checks.excludesMaximum ? "less than" : "less than or equal to"
            errors.append(invalid(value, "should be \(word) \(most.compactNumber)"))
        }
        return errors
    }

    private static func isLess(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if case .int(let first) = left, case .int(let second) = right { return first < second }
        return left.number < right.number
    }

    private static func isMultiple(_ value: JSONValue, of factor: JSONValue) -> Bool {
        if case .int(let number) = value, case .int(let divisor) = factor {
            return divisor == 0 || number % divisor == 0
        }
        guard factor.number > 0 else { return true }
        let quotient = value.number / factor.number
        // Tenths are not exact in binary.
        return (quotient - quotient.rounded()).magnitude <= 1e-9 * max(1, quotient.magnitude)
    }

    /// `allOf`, `anyOf`, `oneOf` and `not`.
    mutating func junctions(_ value: JSONValue, _ schema: StructuralSchema) -> Outcome {
        let checks = schema.checks
        var result = Outcome()
        if !checks.anyOf.isEmpty { result.merge(any(value, checks.anyOf)) }
        if !checks.oneOf.isEmpty { result.merge(one(value, checks.oneOf)) }
        if !checks.allOf.isEmpty { result.merge(all(value, checks.allOf)) }
        for inner in checks.not where outcome(value, inner).errors.isEmpty {
            result.errors.append(junction("not validate the schema (not)"))
        }
        result.passed += 1
        return result
    }

    private mutating func any(_ value: JSONValue, _ schemas: [StructuralSchema]) -> Outcome {
        var best: Outcome?
        for schema in schemas {
            let outcome = outcome(value, schema)
            if outcome.errors.isEmpty { return outcome }
            if outcome.passed > best?.passed ?? -1 { best = outcome }
        }
        var result = Outcome(errors: [junction("validate at least one schema (anyOf)")])
        if let best { result.merge(best) }
        return result
    }

    private mutating func one(_ value: JSONValue, _ schemas: [StructuralSchema]) -> Outcome {
        var best: Outcome?
        var valid: [Outcome] = []
        for schema in schemas {
            let outcome = outcome(value, schema)
            if outcome.errors.isEmpty {
                valid.append(outcome)
            } else if outcome.passed > best?.passed ?? -1 {
                best = outcome
            }
        }
        if valid.count == 1 { return valid[0] }
        let found = valid.isEmpty ? "Found none valid" : "Found \(valid.count) valid alternatives"
        var result = Outcome(errors: [junction("validate one and only one schema (oneOf). \(found)")])
        if valid.isEmpty, let best { result.merge(best) }
        return result
    }

    private mutating func all(_ value: JSONValue, _ schemas: [StructuralSchema]) -> Outcome {
        var result = Outcome()
        var valid = 0
        for schema in schemas {
            let outcome = outcome(value, schema)
            if outcome.errors.isEmpty { valid += 1 }
            result.merge(outcome)
        }
        if valid < schemas.count {
            let none = valid == 0 ? ". None validated" : ""
            result.errors.append(junction("validate all the schemas (allOf)\(none)"))
        }
        return result
    }
}

extension JSONValue {
    /// As a double; 0 for what is no number.
    fileprivate var number: Double {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        default: 0
        }
    }

    fileprivate func equals(_ other: JSONValue) -> Bool { number == other.number }

    /// A number without a fraction that is zero.
    fileprivate var compactNumber: String { int.map(String.init) ?? compactText }
}
