package import EgressNames

/// What becomes of a packet.
package struct GateVerdict: Hashable, Sendable {
    /// What goes on to the pod, bytes as they came: nothing, the packet, or all fragments of the answer that it completes.
    package let passing: [[UInt8]]
    /// What must be in the kernel and in the journal before that.
    package let lessons: [NameLesson]

    init(passing: [[UInt8]] = [], after lessons: [NameLesson] = []) {
        self.passing = passing
        self.lessons = lessons
    }
}
