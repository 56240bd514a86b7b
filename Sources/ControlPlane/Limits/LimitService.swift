package import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Synchronization

/// Counts what tokens use against their limits, in memory, and shares the counts with other nodes (LIM-1 to LIM-4).
///
/// The subject of every limit is one token: its organization's plan tells what each may use, and its own figures stand
/// in their place. A check takes one lock for as long as it counts. On a database that other nodes may share
/// (PostgreSQL) a token's first calls of a moment and those that find their grant used up may wait for an exchange,
/// 96 ms at most; on SQLite nothing waits. What was used is told to the ledgers each 100 to 500 ms: that is also what a
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

    /// After which pauses a call that waits for a grant looks again; behind the last it is refused.
    private static let pauses: [Duration] = [3, 6, 12, 25, 50].map { .milliseconds($0) }
    /// Calls that wait at once, at most; beyond, they are refused.
    private static let maximumWaiting = 1024

    let context: ControlPlaneContext
    let shards = (0..<16).map { _ in Shard() }
    /// Whether other nodes may use the same tokens.
    let isShared: Bool
    let node: Int64
    private let clock: @Sendable () -> Instant
    private let waiting = Atomic<Int>(0)
    let warnings = QuotaWarnings()

    /// Begins with nothing counted.
    ///
    /// `isShared`: by default whether the database is one that nodes can share. `steady`: a clock of this node's that
    /// never goes back.
    package init(
        context: ControlPlaneContext,
        isShared: Bool? = nil,
        steady: (@Sendable () -> Instant)? = nil
    ) {
        self.context = context
        self.isShared = isShared ?? (context.database.dialect == .postgres)
        node = context.random.bytes(7).reduce(0) { $0 << 8 | Int64($1) }
        let start = ContinuousClock.now
        clock = steady ?? { Instant(microseconds: 0) + (ContinuousClock.now - start) }
    }

    /// A clock of this node's that never goes back.
    var steady: Instant { clock() }

    /// Takes units of a token's limits, or refuses; `nil` for a token without any.
    package func take(
        _ token: IndexedToken,
        _ cost: LimitCost,
        wantsStandings: Bool
    ) async -> LimitSubject.Outcome? {
        guard token.isLimited else { return nil }
        if let outcome = attempt(token, cost, .first, wantsStandings: wantsStandings) { return outcome }
        let isRoom = waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.maximumWaiting
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        let pauses = isRoom ? Self.pauses : []
        for pause in pauses {
            guard (try? await Task.sleep(for: pause)) != nil else { break }
            if let outcome = attempt(token, cost, .next, wantsStandings: wantsStandings) { return outcome }
        }
        return attempt(token, cost, .last, wantsStandings: wantsStandings)
    }

    private func attempt(
        _ token: IndexedToken,
        _ cost: LimitCost,
        _ turn: LimitSubject.Turn,
        wantsStandings: Bool
    ) -> LimitSubject.Outcome? {
        let (now, steady) = (context.now(), steady)
        let outcome = shard(token.id).state.withLock { state -> LimitSubject.Outcome? in
            if cost.units > 0 { state.busy.insert(token.id) }
            return state.subjects[token.id, default: token.subject(at: now, steady: steady)].check(
                token.limits,
                cost,
                turn: turn,
                isShared: isShared,
                wantsStandings: wantsStandings,
                at: now,
                steady: steady
            )
        }
        if case .allowed(let allowance) = outcome?.decision, let raised = allowance.raised {
            warnings.add(QuotaWarnings.Warning(token: token, threshold: raised, at: now))
        }
        return outcome
    }

    /// How a token's limits stand, without taking anything; of calls at other nodes as of the last exchange.
    package func standings(of token: IndexedToken) -> [LimitStanding] { look(at: token)?.standings ?? [] }

    /// The same with the warning of the quota and the header fields; `nil` for a token without limits.
    ///
    /// It never waits.
    func look(at token: IndexedToken) -> LimitSubject.Outcome? {
        guard token.isLimited else { return nil }
        return attempt(token, .look, .first, wantsStandings: true)
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
