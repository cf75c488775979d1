import ClusterAPI

/// The OpenAPI documents that kubectl reads before `apply`: enough for its validation to pass and to find merge keys.
package struct OpenAPIDocuments: Sendable {
    let catalogue: ResourceCatalogue

    package init(_ catalogue: ResourceCatalogue) { self.catalogue = catalogue }
}
