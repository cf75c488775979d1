extension LinkState {
    /// A token bucket filter (tc-tbf(8)) as the root queue of a link: what leaves by it keeps to a rate.
    ///
    /// Ours is known by its handle, 71:.
    package struct Shaper: Hashable, Sendable, CustomStringConvertible {
        package var device: String
        /// Bytes per second, at least 1.
        package var rate: UInt64
        /// The depth of the bucket as the time that it takes to fill, in the kernel's ticks of 64 ns.
        ///
        /// The kernel keeps it so; bytes would not come back as they were given.
        package var depth: UInt32
        /// Bytes that may be in the queue, those that the bucket would let through included; what is beyond is dropped.
        package var limit: UInt32

        package init(device: String, rate: UInt64, depth: UInt32, limit: UInt32) {
            self.device = device
            self.rate = rate
            self.depth = depth
            self.limit = limit
        }

        /// A bucket of `burst` bytes; what comes too fast waits for `latency` milliseconds at most.
        ///
        /// A packet larger than the burst never passes, unless the kernel can cut it into smaller ones.
        package init(device: String, rate: UInt64, burst: UInt64, latency: UInt64 = 25) {
            let rate = max(1, rate)
            // The next tick: a little less than the burst would not let the largest packet through.
            let depth = UInt128(burst) * 1_000_000_000 / UInt128(rate) / Self.tick + 1
            let waiting = UInt128(rate) * UInt128(latency) / 1000
            self.init(
                device: device, rate: rate, depth: UInt32(clamping: depth),
                limit: UInt32(clamping: UInt128(burst) + waiting))
        }

        /// Nanoseconds in one of the kernel's ticks (`PSCHED_SHIFT`).
        private static let tick: UInt128 = 64

        package var description: String { "dev \(device) rate \(rate) B/s depth \(depth) ticks limit \(limit) B" }
    }

    /// All that comes in by one link is first queued for another, an `ifb`, and then goes on as if nothing had happened.
    ///
    /// That is how what comes in can be shaped. Ours is known by the preference of its filter, 71.
    package struct Redirect: Hashable, Sendable, CustomStringConvertible {
        package var device: String
        /// Nil if the link that it once led to is gone: then nothing passes.
        package var queue: String?

        package init(from device: String, to queue: String?) {
            self.device = device
            self.queue = queue
        }

        package var description: String { "dev \(device) to \(queue ?? "a link that is gone")" }
    }
}
