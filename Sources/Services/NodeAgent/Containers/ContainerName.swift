package import CNISpec
package import ClusterAPI

/// The pod that a container is which no kubelet runs.
///
/// podman names a container in `K8S_POD_NAME` and has networks for namespaces; `ctr` gives the id
/// `NAMESPACE-CONTAINER` and nothing else.
package enum ContainerName {
    /// - Parameters:
    ///   - namespaces: those that exist.
    ///   - standard: the namespace of containers that name none.
    /// - Throws: code 7 when the name is none of a pod, or could be that of two.
    package static func pod(
        of invocation: Invocation, _ configuration: NetworkConfiguration, among namespaces: Set<String>,
        standard: String
    ) throws(PluginError) -> ObjectKey {
        let chosen = [invocation.arguments["K8S_POD_NAMESPACE"], configuration.namespace].compactMap(\.self).first {
            !$0.isEmpty
        }
        if let name = invocation.arguments["K8S_POD_NAME"], !name.isEmpty {
            return try key(chosen ?? standard, name, of: invocation)
        }
        let id = invocation.containerID
        let places = id.indices.filter { id[$0] == "-" && id.index(after: $0) != id.endIndex }
        let readings = places.filter { place in
            chosen.map { $0 == id[..<place] } ?? namespaces.contains(String(id[..<place]))
        }
        guard readings.count < 2 else {
            let texts = readings.map { "\(id[id.index(after: $0)...]) of \(id[..<$0])" }
            throw PluginError(
                .invalidConfiguration, "container \(id) may be \(texts.joined(separator: " or "))",
                details: "give the network configuration a \"namespace\", or the container another name")
        }
        guard let place = readings.first else { return try key(chosen ?? standard, id, of: invocation) }
        return try key(String(id[..<place]), String(id[id.index(after: place)...]), of: invocation)
    }

    /// Names of pods are in lower case, without underscores.
    private static func key(
        _ namespace: String, _ name: String, of invocation: Invocation
    ) throws(PluginError) -> ObjectKey {
        let text = name.lowercased().map { $0 == "_" ? "-" : $0 }
        let isEnd = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber) }
        guard let first = text.first, let last = text.last, isEnd(first), isEnd(last), text.count <= 253,
            text.allSatisfy({ isEnd($0) || $0 == "-" || $0 == "." })
        else {
            throw PluginError(
                .invalidConfiguration, "container \(invocation.containerID) is named '\(name)', as no pod can be",
                details: "letters, digits, '-', '_' and '.', with a letter or digit at both ends, at most 253")
        }
        return ObjectKey(namespace: namespace, name: String(text))
    }
}
