import Crypto
import Foundation
import Logging
import Synchronization

/// The static tokens in `D/tokens.csv`: lines of `token,user,uid,"group1,group2"`, read again when the file changes.
final class TokenFile: Sendable {
    private struct State {
        var identities: [SHA256Digest: Identity] = [:]
        var stamp: Date?
    }

    private let path: String
    private let logger: Logger
    private let state = Mutex(State())

    /// Makes the file with a random token for the administrator when there is none.
    init(dataDirectory: String, logger: Logger) throws {
        path = dataDirectory + "/tokens.csv"
        self.logger = logger
        if try ProtectedFile.read(path) == nil {
            let token = (0..<32).map { _ in String(UInt8.random(in: 0...255), radix: 16).leftPadded(to: 2) }.joined()
            try ProtectedFile.write("\(token),gabion:admin,,\"\(Identity.mastersGroup)\"\n", to: path)
        }
        refresh()
    }

    /// Compares by digest, so that timing tells nothing about tokens.
    func identity(token: String) -> Identity? {
        refresh()
        return state.withLock { $0.identities[SHA256.hash(data: Data(token.utf8))] }
    }

    private func refresh() {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let stamp = attributes?[.modificationDate] as? Date
        guard state.withLock({ $0.stamp != stamp }) else { return }
        do {
            let identities = Self.parse(try ProtectedFile.read(path) ?? "") { line in
                logger.warning("\(path): line \(line) is not token,user,uid[,\"groups\"]; it is ignored")
            }
            state.withLock { $0 = State(identities: identities, stamp: stamp) }
        } catch {
            logger.error("\(path) cannot be read, the tokens read before stay valid: \(error)")
        }
    }

    private static func parse(_ text: String, complain: (Int) -> Void) -> [SHA256Digest: Identity] {
        var identities: [SHA256Digest: Identity] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.first == "#" { continue }
            let columns = line.split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false)
            guard columns.count >= 3, !columns[0].isEmpty, !columns[1].isEmpty else {
                complain(index + 1)
                continue
            }
            let groups = columns.count > 3 ? columns[3].filter { $0 != "\"" && $0 != " " && $0 != "\r" } : ""
            identities[SHA256.hash(data: Data(columns[0].utf8))] = Identity(
                user: String(columns[1]), groups: Set(groups.split(separator: ",").map(String.init)))
        }
        return identities
    }
}

extension String {
    fileprivate func leftPadded(to length: Int) -> String {
        String(repeating: "0", count: Swift.max(0, length - count)) + self
    }
}
