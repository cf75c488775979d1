/// Files of `deploy` that the program carries with it; links in `Definitions` lead to them.
package enum InstallationFiles {
    /// The kinds that we bring, by their files' names; what each holds is YAML.
    package static let definitions: [(name: String, text: [UInt8])] = [
        ("gabion.io_clusterstagedpolicies.yaml", PackageResources.gabion_io_clusterstagedpolicies_yaml),
        ("gabion.io_egressgateways.yaml", PackageResources.gabion_io_egressgateways_yaml),
        ("gabion.io_egressnodes.yaml", PackageResources.gabion_io_egressnodes_yaml),
        ("gabion.io_externalippolicies.yaml", PackageResources.gabion_io_externalippolicies_yaml),
        ("gabion.io_failovergroups.yaml", PackageResources.gabion_io_failovergroups_yaml),
        ("gabion.io_metadataaccesses.yaml", PackageResources.gabion_io_metadataaccesses_yaml),
        ("gabion.io_stagedpolicies.yaml", PackageResources.gabion_io_stagedpolicies_yaml),
        ("gabion.io_zones.yaml", PackageResources.gabion_io_zones_yaml),
        ("network.openshift.io_clusternetworks.yaml", PackageResources.network_openshift_io_clusternetworks_yaml),
        ("network.openshift.io_hostsubnets.yaml", PackageResources.network_openshift_io_hostsubnets_yaml),
        ("network.openshift.io_netnamespaces.yaml", PackageResources.network_openshift_io_netnamespaces_yaml),
    ]

    /// A configuration to begin with.
    package static let example = PackageResources.installation_yaml
}
