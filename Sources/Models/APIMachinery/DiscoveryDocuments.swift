import ClusterAPI

/// What `/api`, `/apis` and their children answer: which kinds are served where.
package struct DiscoveryDocuments: Sendable {
    let catalogue: ResourceCatalogue

    package init(_ catalogue: ResourceCatalogue) { self.catalogue = catalogue }

    /// The forms of aggregated discovery that clients ask for with `Accept: application/json;g=apidiscovery.k8s.io;v=…`.
    package enum AggregatedVersion: String, Hashable, Sendable, CaseIterable {
        case v2
        case v2beta1

        /// The Content-Type of the answer.
        package var contentType: String {
            "application/json;g=apidiscovery.k8s.io;v=\(rawValue);as=APIGroupDiscoveryList"
        }
    }
}
