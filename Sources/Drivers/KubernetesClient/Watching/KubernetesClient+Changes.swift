package import ClusterAPI

/// The pauses and times of a mirrored collection.
package struct WatchTiming: Hashable, Sendable {
    /// How long the server is asked to keep one watch open.
    package var watchTimeout: Duration
    package var initialPause: Duration
    package var longestPause: Duration
    /// For a kind that the server may not have: then (404) it is `missing`, and is asked for again after this.
    ///
    /// Nil: a server without the kind is a server that does not answer.
    package var missingPause: Duration?

    package init(
        watchTimeout: Duration = .seconds(300), initialPause: Duration = .milliseconds(20),
        longestPause: Duration = .seconds(2), missingPause: Duration? = nil
    ) {
        self.missingPause = missingPause
        self.watchTimeout = watchTimeout
        self.initialPause = initialPause
        self.longestPause = longestPause
    }
}

extension KubernetesClient {
    /// Every change to a collection, the present state first.
    ///
    /// See `CacheEvents`.
    package func changes<Object: APIObject>(
        of type: Object.Type, in namespace: String? = nil, labelSelector: String? = nil,
        fieldSelector: String? = nil, timing: WatchTiming = WatchTiming()
    ) -> CacheEvents<Object> {
        cacheEvents([Object.resource] + Object.olderResources, in: namespace, labelSelector, fieldSelector, timing)
    }

    /// The same for a kind without a Swift type.
    package func changes(
        of resource: ResourceType, in namespace: String? = nil, labelSelector: String? = nil,
        fieldSelector: String? = nil, timing: WatchTiming = WatchTiming()
    ) -> CacheEvents<JSONValue> {
        cacheEvents([resource], in: namespace, labelSelector, fieldSelector, timing)
    }

    private func cacheEvents<Object>(
        _ resources: [ResourceType], in namespace: String?, _ labelSelector: String?, _ fieldSelector: String?,
        _ timing: WatchTiming
    ) -> CacheEvents<Object> {
        var direct = self
        direct.retryPolicy = .none
        return CacheEvents(
            client: direct, resources: resources, namespace: namespace,
            options: ListOptions(labelSelector: labelSelector, fieldSelector: fieldSelector), timing: timing)
    }
}
