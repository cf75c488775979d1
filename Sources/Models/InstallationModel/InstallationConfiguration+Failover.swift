extension InstallationConfiguration {
    var failoverFaults: [InstallationFault] {
        guard let failover else { return [] }
        guard components.contains(.failover) else {
            return [
                InstallationFault(
                    ["failover"], "there is nothing to set up: components has no failover",
                    remedy: "Add failover to components, or leave this out.")
            ]
        }
        if let image = failover.image { return Self.faults(["failover", "image"], image) }
        // Without a good image there is no name to begin with, and that is told already.
        guard ImageReference.problem(image) == nil else { return [] }
        return [
            InstallationFault(
                ["failover", "image"],
                "is missing: image has a digest, and failover has another image (with keepalived)",
                remedy: "Write it, such as gabion.io/gabion-failover@sha256:DIGEST.")
        ]
    }
}
