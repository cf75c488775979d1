package import ClusterAPI
package import NetworkTypes

/// Which addresses from outside the cluster services may have: what all ExternalIPPolicies say together.
///
/// Without any, none. Nobody may have an address of the cluster's own ranges either: whoever has it gets what is meant
/// for others (CVE-2020-8554).
package struct ExternalIPRules: Sendable {
    /// A network that services of type LoadBalancer are given addresses of.
    package struct Pool: Hashable, Sendable {
        package let policy: String
        package let range: CIDR
        /// What is left of it without what nobody may have.
        let usable: [CIDR]
    }

    private struct Rejection: Sendable {
        let policy: String
        let range: CIDR
    }

    package private(set) var pools: [Pool] = []
    /// By policy, what of it cannot be understood.
    package private(set) var problems: [String: [String]] = [:]
    private var allowed: [CIDR] = []
    private var rejections: [Rejection] = []
    /// Policies that may reject more than is known.
    private var broken: [String] = []
    private let reserved: [CIDR]
    private let isEmpty: Bool

    /// - Parameters:
    ///   - unreadable: the names of policies that exist and cannot be read.
    ///   - reserved: the ranges of pods and services.
    package init(_ policies: [ExternalIPPolicy], unreadable: [String] = [], reserved: [CIDR] = []) {
        self.reserved = reserved
        isEmpty = policies.isEmpty && unreadable.isEmpty
        broken = unreadable
        let ordered = policies.sorted { $0.key < $1.key }
        for policy in ordered {
            allowed += ranges(policy.spec?.allowedCIDRs, "allowedCIDRs", of: policy)
            let rejected = ranges(policy.spec?.rejectedCIDRs, "rejectedCIDRs", of: policy)
            rejections += rejected.map { Rejection(policy: policy.key.name, range: $0) }
            if rejected.count < policy.spec?.rejectedCIDRs?.count ?? 0 { broken.append(policy.key.name) }
        }
        let holes = rejections.map(\.range) + reserved
        for policy in ordered {
            for range in ranges(policy.spec?.autoAssignCIDRs, "autoAssignCIDRs", of: policy) {
                let usable = broken.isEmpty ? range.subtracting(holes) : []
                pools.append(Pool(policy: policy.key.name, range: range, usable: usable))
            }
        }
    }

    private mutating func ranges(_ texts: [String]?, _ field: String, of policy: ExternalIPPolicy) -> [CIDR] {
        (texts ?? []).enumerated().compactMap { index, text in
            if let range = CIDR(text) { return range }
            let problem = "spec.\(field)[\(index)]: \"\(text)\" is no network such as 192.0.2.0/24"
            problems[policy.key.name, default: []].append(problem)
            return nil
        }
    }

    /// Why a service may not choose an address; nil where it may.
    package func reason(against address: IPAddress) -> String? {
        if isEmpty { return "there is no ExternalIPPolicy, and without one no external IP is allowed" }
        if let reason = rejection(of: address) { return reason }
        if allowed.contains(where: { $0.contains(address) }) { return nil }
        return "it is in allowedCIDRs of no ExternalIPPolicy"
    }

    /// Why no service may have an address, chosen or given; nil where one may.
    package func rejection(of address: IPAddress) -> String? {
        if let policy = broken.first {
            return "the ExternalIPPolicy \"\(policy)\" cannot be understood: it may be among what that rejects"
        }
        if address.isUnspecified || address.isLoopback || address.isLinkLocal || address.isMulticast {
            return "it is no address of one host that others could send to"
        }
        if let range = reserved.first(where: { $0.contains(address) }) {
            return "it is in \(range), which is for pods and services"
        }
        if let rejection = rejections.first(where: { $0.range.contains(address) }) {
            return "it is in \(rejection.range), which the ExternalIPPolicy \"\(rejection.policy)\" rejects"
        }
        return nil
    }

    /// Why no load balancer may have an address, whoever gave it; nil where one may.
    package func reason(againstGiven address: IPAddress) -> String? {
        if let reason = rejection(of: address) { return reason }
        if isPooled(address) || allowed.contains(where: { $0.contains(address) }) { return nil }
        return "it is in allowedCIDRs and autoAssignCIDRs of no ExternalIPPolicy"
    }

    /// True for an address of a pool, rejected or not.
    package func isPooled(_ address: IPAddress) -> Bool { pools.contains { $0.range.contains(address) } }
}
