package import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Synchronization

/// Counts what tokens use against their limits, in memory, and shares the counts with other nodes (LIM-1 to LIM-4).
///
/// The subject of every limit is one token: its organization's plan tells what each may use, and its own figures stand
/// in their place. A check takes one lock for as long as it counts; nothing waits for the database. Every 100 ms, or
/// every second while no other node is alive, what was used is told to the rows that nodes share: that is also what a
/// restart resumes from, so that a crash loses a second at most.
package final class LimitService: Service {
    final class Shard: Sendable {
        struct State {
            var subjects: [CredentialID: LimitSubject] = [:]
            /// Those that have or may have something to tell.
            var busy: Set<CredentialID> = []
        }

        let state = Mutex(State())
    }

    let context: ControlPlaneContext
    let shards = (0..<16).map { _ in Shard() }
    let isShared: Atomic<Bool>
    let node: Int64
    private let start = ContinuousClock.now
    let warnings = QuotaWarnings()

    /// `isShared`: whether other nodes are taken to be there until that was asked.
    package init(context: ControlPlaneContext, isShared: Bool? = nil) {
        self.context = context
        self.isShared = Atomic(isShared ?? (context.database.dialect == .postgres))
        node = context.random.bytes(7).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// A clock of this node's that never goes back.
    var steady: Instant { Instant(microseconds: 0) + (ContinuousClock.now - start) }

    /// Takes units of a token's limits, or refuses; `nil` for a token without any.
    package func take(_ token: IndexedToken, _ cost: LimitCost, wantsStandings: Bool) -> LimitSubject.Outcome? {
        guard token.isLimited else { return nil }
        let (now, steady) = (context.now(), steady)
        let isShared = isShared.load(ordering: .relaxed)
        let outcome = shard(token.id).state.withLock { state -> LimitSubject.Outcome in
            state.busy.insert(token.id)
            return state.subjects[token.id, default: token.subject(at: now, steady: steady)].check(
                token.limits,
                cost,
                isShared: isShared,
                wantsStandings: wantsStandings,
                at: now,
                steady: steady
            )
        }
        if case .allowed(let allowance) = outcome.decision, let raised = allowance.raised {
            warnings.add(QuotaWarnings.Warning(token: token, threshold: raised, at: now))
        }
        return outcome
    }

    /// How a token's limits stand, without taking anything.
    package func standings(of token: IndexedToken) -> [LimitStanding] {
        take(token, .look, wantsStandings: true)?.standings ?? []
    }

    func shard(_ id: CredentialID) -> Shard {
        var hasher = Hasher()
        hasher.combine(id)
        return shards[Int(UInt(bitPattern: hasher.finalize()) % UInt(shards.count))]
    }

    /// How many tokens are counted now.
    package var count: Int { shards.reduce(0) { $0 + $1.state.withLock { $0.subjects.count } } }
}

extension IndexedToken {
    /// Whether any limit is set.
    var isLimited: Bool { limits.figures != LimitFigures() }

    fileprivate func subject(at now: Instant, steady: Instant) -> LimitSubject {
        var subject = LimitSubject(id, limits: limits, at: now, steady: steady)
        subject.resume(seeds, at: now)
        return subject
    }
}
