/// How long what lasts, in milliseconds of the clock of the machine that counts, which goes on while the machine sleeps.
///
/// `silence` is more than `lease` by what clocks may differ in their rates and what a machine takes to look: a witness
/// that calls a node silent knows that nothing it ever acknowledged counts any more.
package struct HoldTiming: Hashable, Sendable {
    package var heartbeat: Int64
    /// How long an acknowledged heartbeat counts, from when it was sent.
    package var lease: Int64
    /// How long a witness hears nothing before it calls a node silent.
    package var silence: Int64
    /// How old the word of other witnesses may get before the API is asked too.
    package var impatience: Int64
    /// How long until a request that failed is made again.
    package var retry: Int64

    package init(
        heartbeat: Int64 = 250, lease: Int64 = 1_000, silence: Int64 = 1_250, impatience: Int64 = 450,
        retry: Int64 = 200
    ) {
        self.heartbeat = heartbeat
        self.lease = lease
        self.silence = silence
        self.impatience = impatience
        self.retry = retry
    }
}
