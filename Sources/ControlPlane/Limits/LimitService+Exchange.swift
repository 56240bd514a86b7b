internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store
internal import Synchronization

/// The exchange with the ledgers that nodes share.
///
/// Each round takes the tokens for which calls wait, and then those that were told longest ago, so that none starves
/// however many there are; a round is one transaction of four statements or a few more.
extension LimitService {
    private static let tick = Duration.milliseconds(10)
    /// How often a node that is alone tells: half of what a crash may lose.
    private static let aloneInterval = Duration.milliseconds(500)
    private static let warnInterval = Duration.seconds(1)
    private static let forgetInterval = Duration.seconds(60)
    /// Subjects without use for so long are forgotten; records of the index, with what ledgers told, live shorter.
    package static let idle = Duration.seconds(120)
    /// Tokens of one round.
    package static let batch = 64
    /// Rounds without looking after anything else.
    private static let rounds = 64

    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.loop() }
        await exchange(isClosing: true)
        await warn()
    }

    private func loop() async {
        var (told, warned, forgot) = (steady, steady, steady)
        while !Task.isCancelled {
            if isShared || steady - told >= Self.aloneInterval {
                told = steady
                await exchange()
            }
            if steady - warned >= Self.warnInterval {
                warned = steady
                await warn()
            }
            if steady - forgot >= Self.forgetInterval {
                forgot = steady
                await forget()
            }
            guard (try? await Task.sleep(for: Self.tick)) != nil else { return }
        }
    }

    /// A token that has something to tell.
    private struct Due {
        let id: CredentialID
        let isUrgent: Bool
        let toldAt: Instant

        static func isBefore(_ one: Due, _ other: Due) -> Bool {
            one.isUrgent == other.isUrgent ? one.toldAt < other.toldAt : one.isUrgent
        }
    }

    /// Tells what is due and takes what is granted; what could not be told is told again.
    ///
    /// `isClosing`: everything is told and given back, due or not.
    package func exchange(isClosing: Bool = false) async {
        var seen: Set<CredentialID> = []
        for _ in 0..<Self.rounds {
            let due = due(isClosing: isClosing).filter { !isClosing || !seen.contains($0.id) }.sorted(by: Due.isBefore)
            guard !due.isEmpty else { return }
            let some = due.prefix(Self.batch).map(\.id).sorted()
            seen.formUnion(some)
            let (now, steady, isShared) = (context.now(), steady, isShared)
            let reports = some.compactMap { id in
                shard(id).state.withLock { state in
                    state.subjects[id]?.report(isShared: isShared, isClosing: isClosing, at: now, steady: steady)
                }
            }
            await exchange(reports)
        }
    }

    /// Who has something to tell; those of whom all is known and who rest leave the list.
    private func due(isClosing: Bool) -> [Due] {
        let (steady, isShared) = (steady, isShared)
        return shards.flatMap { shard in
            shard.state.withLock { state -> [Due] in
                var due: [Due] = []
                var settled: [CredentialID] = []
                for id in state.busy {
                    guard let subject = state.subjects[id] else { continue }
                    let found = subject.isDue(isShared: isShared, steady: steady)
                    if found.isDue || isClosing {
                        due.append(Due(id: id, isUrgent: found.isUrgent, toldAt: subject.toldAt))
                    } else if steady - subject.lastUsed > .seconds(2), subject.isSettled(isShared: isShared) {
                        settled.append(id)
                    }
                }
                state.busy.subtract(settled)
                return due
            }
        }
    }

    private func exchange(_ reports: [LimitSubject.Report]) async {
        guard !reports.isEmpty else { return }
        let (now, node) = (context.now(), node)
        do {
            let answers = try await context.database.write { tx in
                try Self.exchange(reports, from: node, at: now, in: tx)
            }
            for answer in answers {
                shard(answer.subject).state.withLock { state in
                    state.subjects[answer.subject]?.answered(answer, at: context.now(), steady: steady)
                }
            }
        } catch let error as DatabaseError where error.code == .columnType && reports.count > 1 {
            // A row that can't be read is the trouble of its token, and of no other.
            for report in reports { await exchange([report]) }
        } catch {
            for report in reports {
                shard(report.subject).state.withLock { $0.subjects[report.subject]?.failed(report) }
            }
            context.logger.warning("what was used could not be told to other nodes", metadata: ["error": "\(error)"])
        }
    }

    private static func exchange(
        _ reports: [LimitSubject.Report],
        from node: Int64,
        at now: Instant,
        in tx: borrowing Transaction
    ) throws -> [LimitSubject.Answer] {
        var ledgers = try LimitLedgerStore.take(reports.map(\.subject), in: tx)
        let answers = reports.map { report in
            let cells = ledgers[report.subject, default: LimitLedger()].exchange(report.cells, from: node, at: now)
            return LimitSubject.Answer(subject: report.subject, cells: cells)
        }
        try LimitLedgerStore.put(ledgers, in: tx)
        return answers
    }

    /// Forgets who was not used for so long, and ledgers that can't count any more.
    package func forget(idleFor idle: Duration = LimitService.idle) async {
        let (now, steady) = (context.now(), steady)
        for shard in shards {
            shard.state.withLock { state in
                for (id, subject) in state.subjects where steady - subject.lastUsed >= idle {
                    if !state.busy.contains(id) { state.subjects[id] = nil }
                }
            }
        }
        _ = try? await context.database.write { tx in
            try LimitLedgerStore.forget(endedBefore: now - LimitLedger.patience, in: tx)
        }
    }
}
