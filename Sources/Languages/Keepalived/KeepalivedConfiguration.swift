package import NetworkTypes

/// keepalived.conf as a tree, as far as unicast VRRP needs it.
package struct KeepalivedConfiguration: Hashable, Sendable {
    /// Where keepalived tells changes of state, as `NotifyMessage` reads them.
    package var notifyPipe: QuotedPath
    package var trackFiles: [TrackFile]
    package var instances: [Instance]

    package init(notifyPipe: QuotedPath, trackFiles: [TrackFile] = [], instances: [Instance] = []) {
        self.notifyPipe = notifyPipe
        self.trackFiles = trackFiles
        self.instances = instances
    }

    /// A file with a number: 0 is well, everything else makes those that track it give up.
    package struct TrackFile: Hashable, Sendable {
        package var name: Word
        package var path: QuotedPath

        package init(name: Word, path: QuotedPath) {
            self.name = name
            self.path = path
        }
    }

    /// One virtual router: one address.
    package struct Instance: Hashable, Sendable {
        package var name: Word
        package var routerID: UInt8
        package var priority: UInt8
        package var interface: Word
        package var source: IPAddress
        /// Of the source's family.
        package var peers: [IPAddress]
        package var protocolVersion: ProtocolVersion
        package var preemptDelay: Int
        package var address: IPAddress
        package var addressInterface: Word
        package var trackFile: Word?

        package init(
            name: Word, routerID: UInt8, priority: UInt8, interface: Word, source: IPAddress, peers: [IPAddress],
            protocolVersion: ProtocolVersion, preemptDelay: Int, address: IPAddress, addressInterface: Word,
            trackFile: Word? = nil
        ) {
            self.name = name
            self.routerID = routerID
            self.priority = priority
            self.interface = interface
            self.source = source
            self.peers = peers
            self.protocolVersion = protocolVersion
            self.preemptDelay = preemptDelay
            self.address = address
            self.addressInterface = addressInterface
            self.trackFile = trackFile
        }
    }

    /// What the versions of VRRP can do.
    package enum ProtocolVersion: Hashable, Sendable {
        /// RFC 5798: hundredths of a second (1…4,095), no authentication.
        case three(hundredths: Int)
        /// RFC 3768, for IPv4: whole seconds (1…255), each packet signed (IPsec AH, HMAC-MD5).
        case twoSigned(seconds: Int, AuthenticationKey)
    }
}

/// What keepalived reads as one word, whatever it was made from.
///
/// All but letters, digits and `-._:` (spaces, quotes, braces, `#`, `!`, `$`, `@`, `~` …) is written as `_` and two
/// hexadecimal digits for each byte.
package struct Word: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        var word = ""
        for byte in text.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x3A, 0x5F].contains(byte)
            if isPlain {
                word.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                word += "_" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        self.text = word.isEmpty ? "_" : word
    }

    package var description: String { text }

    package static func < (left: Word, right: Word) -> Bool { left.text < right.text }
}

/// An absolute path that can stand between quotation marks.
package struct QuotedPath: Hashable, Sendable {
    package let text: String

    /// Nil for a path that keepalived would read as something else: with quotation marks, `$`, `\` or control characters.
    package init?(_ path: String) {
        let isSafe = path.unicodeScalars.allSatisfy {
            $0.value > 0x1F && $0.value != 0x7F && !"\"$\\".unicodeScalars.contains($0)
        }
        guard path.hasPrefix("/"), isSafe, path.utf8.count < 1_024 else { return nil }
        text = path
    }
}

/// The eight characters that keepalived takes for a key.
package struct AuthenticationKey: Hashable, Sendable, CustomStringConvertible {
    let text: String

    /// From a secret of any length: 48 bits of its SHA-256.
    package init(secret: some Collection<UInt8>) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        // A digest of the purpose too, so that the key tells nothing of what else the secret is for.
        let digest = SHA256Digest.of(Array("gabion failover\n".utf8) + secret)
        text = String(decoding: digest.prefix(8).map { alphabet[Int($0 & 63)] }, as: UTF8.self)
    }

    /// Nothing of the key: descriptions end in logs.
    package var description: String { "a key" }
}
