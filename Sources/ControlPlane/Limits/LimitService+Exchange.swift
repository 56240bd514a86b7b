internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store
internal import Synchronization

/// The exchange with the rows that nodes share.
extension LimitService {
    private static let tick = Duration.milliseconds(25)
    /// For how long a node that starts among others takes nothing but what needs no grant, so that one that was alone
    /// has noticed it.
    package static let caution = Duration.seconds(2)
    /// Subjects without use for so long are forgotten; records of the index, with what rows told, live shorter.
    private static let idle = Duration.seconds(120)
    private static let batch = 200

    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.loop() }
        await exchange()
    }

    private func loop() async {
        let begun = steady
        var ticks = 0
        while !Task.isCancelled {
            if ticks % 20 == 0 { await countNodes() }
            let isShared = isShared.load(ordering: .relaxed)
            let isCautious = isShared && steady - begun < Self.caution
            if !isCautious, isShared || ticks % 40 == 39 { await exchange() }
            if ticks % 40 == 0 { await warn() }
            if ticks % 2400 == 2399 { await forget() }
            ticks += 1
            guard (try? await Task.sleep(for: Self.tick)) != nil else { return }
        }
    }

    /// Finds out whether other nodes are alive; one that can't ask stays at what it knew.
    private func countNodes() async {
        guard context.database.dialect == .postgres else { return }
        let since = context.now() - .seconds(10)
        guard let count = try? await context.read({ tx in try NodeStore.count(aliveSince: since, in: tx) }) else {
            return
        }
        isShared.store(count > 1, ordering: .relaxed)
    }

    /// Tells what was used since the last time and takes what is granted; what could not be told is told again.
    package func exchange() async {
        var reports: [LimitSubject.Report] = []
        let (now, steady, isShared) = (context.now(), steady, isShared.load(ordering: .relaxed))
        for shard in shards {
            reports += shard.state.withLock { state -> [LimitSubject.Report] in
                var reports: [LimitSubject.Report] = []
                for id in state.busy {
                    let found = state.subjects[id]?.reports(isShared: isShared, at: now, steady: steady) ?? []
                    reports += found
                    let lastUsed = state.subjects[id]?.lastUsed ?? .earliest
                    if found.isEmpty, steady - lastUsed > .seconds(3) { state.busy.remove(id) }
                }
                return reports
            }
        }
        reports.sort { $0.key < $1.key }
        var rest = reports[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(Self.batch))
            rest = rest.dropFirst(some.count)
            await exchange(some)
        }
    }

    private func exchange(_ reports: [LimitSubject.Report]) async {
        let (now, node) = (context.now(), node)
        let nodes = isShared.load(ordering: .relaxed) ? ReservationRow.maximumShares : 1
        do {
            let answers = try await context.database.write { tx in
                try reports.map { try $0.exchange(from: node, nodes: nodes, at: now, in: tx) }
            }
            for answer in answers {
                shard(answer.key.subject).state.withLock { state in
                    state.subjects[answer.key.subject]?.answered(answer, at: context.now(), steady: steady)
                }
            }
        } catch {
            context.logger.warning("what was used could not be told to other nodes", metadata: ["error": "\(error)"])
        }
    }

    /// Forgets who was not used for long, and cells that can't count any more.
    private func forget() async {
        let (now, steady) = (context.now(), steady)
        for shard in shards {
            shard.state.withLock { state in
                for (id, subject) in state.subjects where steady - subject.lastUsed > Self.idle {
                    guard !state.busy.contains(id) else { continue }
                    state.subjects[id] = nil
                }
            }
        }
        _ = try? await context.database.write { tx in
            try LimitCellStore.forget(endedBefore: now - .seconds(10), in: tx)
        }
    }
}

extension LimitSubject.Report {
    /// Takes the row, tells it, and writes it back.
    fileprivate func exchange(
        from node: Int64,
        nodes: Int,
        at now: Instant,
        in tx: borrowing Transaction
    ) throws -> LimitSubject.Answer {
        var row = try LimitCellStore.take(key, endsAt: countsUntil, in: tx)
        let length = endsAt - key.start
        var previous = 0
        var budget = limit
        if key.kind != .month {
            let before = LimitCellStore.Key(subject: key.subject, kind: key.kind, start: key.start - length)
            previous = try LimitCellStore.used(before, in: tx)
            let elapsed = min(max(now - key.start, .zero), length - .microseconds(1))
            budget = SlidingWindow.budget(limit: limit, previous: previous, elapsed: elapsed, length: length)
        }
        let grant = row.exchange(report, from: node, budget: budget, activeNodes: nodes, at: now)
        try LimitCellStore.put(row, key, in: tx)
        return LimitSubject.Answer(key: key, grant: grant, told: row.told, previous: previous)
    }
}
