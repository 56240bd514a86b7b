package import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store
internal import Synchronization

/// Counts what tokens are used for, and writes it into minute rollups each second (ANA-2).
///
/// Recording appends to one of a few bounded lists and never waits; the sums are made when a list is drained, by the
/// service and not by a request. What a list has no room for is counted as lost, and only happens while the database
/// takes nothing for long.
package final class UsageRecorder: Service {
    /// One use of a token.
    struct Entry: Sendable {
        let token: CredentialID
        let organization: OrganizationID
        let endpoint: String
        let outcome: String
        let address: IPAddress?
        let isUse: Bool
        let took: Duration
        let at: Instant
    }

    private final class Stripe: Sendable {
        let entries = Mutex<[Entry]>([])
    }

    /// What was drained and is to be written.
    private struct Batch: Sendable {
        var rollup = UsageRollup()
        var organizations: [CredentialID: OrganizationID] = [:]
    }

    /// Entries of one list at most.
    package static let capacity = 65_536

    private let context: ControlPlaneContext
    private let stripes = (0..<8).map { _ in Stripe() }
    /// What was drained and could not be written yet.
    private let waiting = Mutex(Batch())
    private let lostCount = Atomic<Int>(0)

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// Uses that were not counted because there was no room for them.
    package var lost: Int { lostCount.load(ordering: .relaxed) }

    /// Counts one call: of a route's template or a protected API, with `ok` or the code of the refusal.
    ///
    /// `isUse`: whether the text that was shown lives. A call with a dead one is counted, and is neither the token's last
    /// use nor in its address history.
    package func record(
        _ token: CredentialID,
        of organization: OrganizationID,
        endpoint: String,
        outcome: String,
        address: IPAddress?,
        isUse: Bool,
        took: Duration,
        at now: Instant
    ) {
        let entry = Entry(
            token: token,
            organization: organization,
            endpoint: endpoint,
            outcome: outcome,
            address: address,
            isUse: isUse,
            took: took,
            at: now
        )
        let isKept = stripes[token.value.hashValue & 7].entries.withLock { entries in
            guard entries.count < Self.capacity else { return false }
            entries.append(entry)
            return true
        }
        if !isKept { lostCount.wrappingAdd(1, ordering: .relaxed) }
    }

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(1))
                await self.flush()
            }
        }
        await flush()
    }

    /// Writes what was recorded; what can't be written is kept, up to a bound, and tried again.
    package func flush() async {
        var batch = waiting.withLock { waiting in
            defer { waiting = Batch() }
            return waiting
        }
        for stripe in stripes {
            let entries = stripe.entries.withLock { entries in
                defer { entries = [] }
                return entries
            }
            for entry in entries {
                batch.rollup.record(entry)
                batch.organizations[entry.token] = entry.organization
            }
        }
        guard !batch.rollup.isEmpty else { return }
        for part in batch.rollup.parts(of: Self.batch) { await write(part, batch.organizations) }
    }

    private func write(_ rollup: UsageRollup, _ organizations: [CredentialID: OrganizationID]) async {
        do {
            try await context.database.write { tx in
                for (key, cell) in rollup.cells.sorted(by: { $0.key < $1.key }) {
                    guard let organization = organizations[key.token] else { continue }
                    try UsageStore.add(key, cell, organization: organization, in: tx)
                }
                for (token, book) in rollup.books.sorted(by: { $0.key < $1.key }) {
                    try UsageStore.add(book, of: token, in: tx)
                    guard let last = book.latest.first else { continue }
                    try TokenUseStore.touch(token, at: last.sighting.last, from: last.address.description, in: tx)
                }
            }
        } catch {
            context.logger.warning("Usage could not be written", metadata: ["error": "\(error)"])
            waiting.withLock { waiting in
                guard waiting.rollup.cells.count < Self.maximumWaiting else {
                    lostCount.wrappingAdd(rollup.cells.values.reduce(0) { $0 + $1.count }, ordering: .relaxed)
                    return
                }
                waiting.rollup.merge(rollup)
                waiting.rollup.trimBooks()
                waiting.organizations.merge(organizations) { $1 }
            }
        }
    }

    private static let batch = 500
    private static let maximumWaiting = 100_000
}

extension UsageRollup {
    fileprivate mutating func record(_ entry: UsageRecorder.Entry) {
        record(
            entry.token,
            endpoint: entry.endpoint,
            outcome: entry.outcome,
            address: entry.isUse ? entry.address : nil,
            took: entry.took,
            at: entry.at
        )
    }
}
