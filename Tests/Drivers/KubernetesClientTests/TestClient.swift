import ClusterAPI
import KubernetesClient
import Logging

/// A client of the server at `address`, with short pauses, closed afterwards.
func withTestClient<Result>(
    _ address: String, token: ClusterConfiguration.Token? = nil,
    _ body: (KubernetesClient) async throws -> Result
) async throws -> Result {
    var configuration = try ClusterConfiguration(serverText: address, origin: "test")
    configuration.token = token
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try await KubernetesClient.withClient(configuration, logger: logger) { client in
        var client = client
        client.retryPolicy.initialPause = .milliseconds(1)
        client.retryPolicy.longestPause = .milliseconds(5)
        return try await body(client)
    }
}

let quick = WatchTiming(watchTimeout: .seconds(30), initialPause: .milliseconds(2), longestPause: .milliseconds(20))

func namespaceJSON(_ name: String, version: Int) -> String {
    #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(name)","resourceVersion":"\#(version)"}}"#
}

func listJSON(_ items: [String], version: Int, next: String = "") -> String {
    #"{"kind":"NamespaceList","apiVersion":"v1","metadata":{"resourceVersion":"\#(version)","continue":"\#(next)"},"#
        + #""items":["# + items.joined(separator: ",") + "]}"
}

func eventJSON(_ type: String, _ object: String) -> String { #"{"type":"\#(type)","object":\#(object)}"# + "\n" }

/// Short text of an event: `+a`, `-a`, `=[a,b]`, `=[a,?b]`, `lost`, `none`, `back`, `?a`.
func brief(_ event: CacheEvent<Namespace>) -> String {
    switch event {
    case .replaced(let all, let unreadable):
        "=[" + (all.map(\.key.name) + unreadable.map { "?" + $0.key.name }).joined(separator: ",") + "]"
    case .upserted(let object): "+" + object.key.name
    case .deleted(let object): "-" + object.key.name
    case .unreadable(let object): "?" + object.key.name
    case .disconnected: "lost"
    case .missing: "none"
    case .resumed: "back"
    }
}

/// The first `count` events of the collection of namespaces, as brief texts; fewer when five seconds are over.
func firstEvents(_ count: Int, of client: KubernetesClient, timing: WatchTiming = quick) async -> [String] {
    await withTaskGroup(of: [String].self) { group in
        group.addTask {
            var texts: [String] = []
            for await event in client.changes(of: Namespace.self, timing: timing) {
                texts.append(brief(event))
                if texts.count == count { break }
            }
            return texts
        }
        group.addTask {
            try? await Task.sleep(for: .seconds(5))
            return []
        }
        var longest: [String] = []
        if let first = await group.next() { longest = first }
        group.cancelAll()
        for await texts in group where texts.count > longest.count { longest = texts }
        return longest
    }
}
