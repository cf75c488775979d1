import CLinux
import Glibc

/// What the machine and this process are.
package enum Host {
    /// True if this thread may make namespaces and change network configuration.
    package static var mayConfigureNetwork: Bool { clinux_has_network_capabilities(1) == 1 }

    /// True if this thread may change the configuration of the network that it is in.
    package static var mayConfigureOwnNetwork: Bool { clinux_has_network_capabilities(0) == 1 }

    package static var effectiveUser: UInt32 { geteuid() }

    package static var isRoot: Bool { geteuid() == 0 }

    package static func name() throws(SystemError) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        try systemCall("get", "the host's name") { gethostname(&buffer, buffer.count - 1) }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Seconds of a clock that never goes back, the same for all processes until the machine starts anew.
    package static var secondsSinceBoot: UInt64 { UInt64(clamping: clinux_seconds_since_boot()) }

    /// The index of an interface in the calling thread's namespace; nil if there is none of that name.
    package static func interfaceIndex(named name: String) -> UInt32? {
        let index = if_nametoindex(name)
        return index == 0 ? nil : index
    }

    /// Lets the process have `count` descriptors open, up to the hard limit.
    ///
    /// Returns the limit in force.
    @discardableResult
    package static func raiseDescriptorLimit(to count: Int) throws(SystemError) -> Int {
        var limit = rlimit()
        try systemCall("read", "the descriptor limit") {
            getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        }
        guard limit.rlim_cur < rlim_t(count) else { return Int(clamping: limit.rlim_cur) }
        limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
        try systemCall("raise", "the descriptor limit") {
            setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Orphans of our children become our children.
    package static func becomeSubreaper() throws(SystemError) {
        try systemCall("become", "a subreaper") { clinux_become_subreaper() }
    }
}
