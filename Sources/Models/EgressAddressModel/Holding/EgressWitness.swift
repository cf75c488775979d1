package import ClusterAPI

/// A node's part in other nodes' holding of egress addresses: whose heartbeats it acknowledges, and whom it calls silent.
///
/// Pure. The laws, for each node that it is a witness of:
/// - Before it calls a node silent it has not acknowledged anything for `silence`, and does not until it has taken that back.
/// - It acknowledges only if it knows that no word of it, nor of a predecessor, that the node is silent can be there or be
///   on its way: by a write upon a version, which makes all earlier ones fail.
package struct EgressWitness: Sendable {
    package enum Action: Hashable, Sendable {
        /// Write that the node is silent to this one, upon the version of this object.
        case callSilent(EgressNode)
        /// Write that it is not, with the next term, upon the version of this object.
        case register(EgressNode)
    }

    package enum Event: Hashable, Sendable {
        case tick
        case observed(EgressNode)
        case forgotten(String)
        case wrote(subject: String, WriteOutcome)
    }

    struct Subject: Sendable {
        var known: EgressNode
        /// Since when, at the latest, it was heard; at first, since it was known.
        var lastHeard: Int64
        /// Whether it was heard at all since it was last called silent, or known.
        var isHeard = false
        /// True while a word of this witness, that the node is silent, may be there or on its way.
        var mayBeCalledSilent = true
        /// The same before the write that is under way.
        var mightBeBefore = true
        var isSilent = false
        var writeInFlight: Write?
        var nextTry: Int64 = .min
    }

    enum Write: Hashable, Sendable { case callSilent, register }

    package let node: String
    package let timing: HoldTiming
    var subjects: [String: Subject] = [:]

    package init(node: String, timing: HoldTiming = HoldTiming()) {
        self.node = node
        self.timing = timing
    }

    /// The nodes that it is a witness of and does not hear.
    package var silent: [String] { subjects.filter { $0.value.isSilent }.keys.sorted() }

    /// True if the heartbeat is to be acknowledged.
    package mutating func hears(_ name: String, at now: Int64) -> Bool {
        guard var subject = subjects[name] else { return false }
        _ = Self.judge(&subject, now, timing)
        subject.lastHeard = now
        subject.isHeard = true
        // Nobody has heard yet that it was silent.
        if !subject.mayBeCalledSilent { subject.isSilent = false }
        subjects[name] = subject
        return !subject.isSilent && !subject.mayBeCalledSilent
    }

    private static func judge(_ subject: inout Subject, _ now: Int64, _ timing: HoldTiming) -> Bool {
        guard now - subject.lastHeard >= timing.silence else { return false }
        subject.isSilent = true
        subject.isHeard = false
        return true
    }

    package mutating func handle(_ event: Event, at now: Int64) -> [Action] {
        switch event {
        case .tick: break
        case .observed(let object): learn(object, now)
        case .forgotten(let name): subjects[name] = nil
        case .wrote(let name, let outcome): note(outcome, of: name, now)
        }
        return subjects.keys.sorted().compactMap { act($0, now) }
    }

    private func isWitness(of object: EgressNode) -> Bool {
        object.key.name != node
            && ((object.spec?.witnesses ?? []).contains(node) || (object.status?.witnesses ?? []).contains(node))
    }

    private mutating func learn(_ object: EgressNode, _ now: Int64) {
        let name = object.key.name
        guard isWitness(of: object) else {
            // Who is asked again begins anew.
            if let subject = subjects[name], !object.isOlder(than: subject.known) { subjects[name] = nil }
            return
        }
        guard let subject = subjects[name] else {
            subjects[name] = Subject(known: object, lastHeard: now)
            return
        }
        if object.isOlder(than: subject.known) { return }
        if object.metadata.uid != subject.known.metadata.uid {
            subjects[name] = Subject(known: object, lastHeard: now)
        } else {
            subjects[name]?.known = object
        }
    }

    private mutating func note(_ outcome: WriteOutcome, of name: String, _ now: Int64) {
        guard let write = subjects[name]?.writeInFlight else { return }
        subjects[name]?.writeInFlight = nil
        switch outcome {
        case .done(let object):
            learn(object, now)
            if write == .register {
                subjects[name]?.mayBeCalledSilent = false
                // If it was silent meanwhile, that is for `act` to see.
                subjects[name]?.isSilent = false
            }
        case .refused(let object):
            if write == .callSilent, let before = subjects[name]?.mightBeBefore {
                subjects[name]?.mayBeCalledSilent = before
            }
            if let object { learn(object, now) }
            if object == nil { subjects[name]?.nextTry = now + timing.retry }
        case .unknown: subjects[name]?.nextTry = now + timing.retry
        }
    }

    private mutating func act(_ name: String, _ now: Int64) -> Action? {
        guard var subject = subjects[name] else { return nil }
        defer { subjects[name] = subject }
        let isQuiet = Self.judge(&subject, now, timing)
        guard subject.writeInFlight == nil, now >= subject.nextTry else { return nil }
        let isCalledSilent = (subject.known.status?.silentTo ?? []).contains(node)
        if isQuiet, subject.isSilent, !isCalledSilent {
            subject.writeInFlight = .callSilent
            subject.mightBeBefore = subject.mayBeCalledSilent
            subject.mayBeCalledSilent = true
            return .callSilent(subject.known)
        }
        if subject.isHeard, subject.mayBeCalledSilent {
            subject.writeInFlight = .register
            return .register(subject.known)
        }
        return nil
    }
}
