internal import Domain
internal import Logging
internal import SQLDatabase
internal import Store
internal import Synchronization

/// How long a node or a lease lasts without being renewed, and how often it is.
package struct LeasePace: Sendable {
    package let life: Duration
    package let renewal: Duration

    package init(life: Duration, renewal: Duration) {
        self.life = life
        self.renewal = renewal
    }

    /// Several nodes: a crashed one is noticed within 11 seconds.
    package static let shared = LeasePace(life: .seconds(10), renewal: .seconds(1))
    /// The only server of an embedded database: nobody else is there to notice or to take anything over.
    package static let alone = LeasePace(life: .days(1), renewal: .seconds(600))
}

/// A job that exactly one node does at a time, by a lease in the database (ROT-9).
///
/// This node trusts its lease for less long than the database grants it, on a clock that counts suspension; and
/// what the job writes is fenced by ``require(_:in:)``, so that a node which slept through its lease changes nothing.
package final class JobLease: Sendable {
    private struct Held {
        let tenure: Int64
        let until: ContinuousClock.Instant
    }

    let pace: LeasePace
    private let context: ControlPlaneContext
    private let name: String
    private let held = Mutex<Held?>(nil)

    package init(_ name: String, context: ControlPlaneContext, pace: LeasePace) {
        self.name = name
        self.context = context
        self.pace = pace
    }

    /// The number of this node's tenure while it has the lease.
    package var tenure: Int64? {
        held.withLock { held in held.flatMap { .now < $0.until ? $0.tenure : nil } }
    }

    /// Takes or renews the lease; answers the tenure, or `nil` if another node has it.
    @discardableResult
    package func acquire() async throws(ControlPlaneError) -> Int64? {
        let begun = ContinuousClock.now
        let now = context.now()
        let (name, holder, until) = (name, context.node.id, now + pace.life)
        // One that can't be renewed now is trusted until it ends: nobody else takes it before.
        let tenure = try await context.write { tx in
            try LeaseStore.acquire(name, holder: holder, now: now, until: until, in: tx)
        }
        let margin = min(.seconds(1), pace.life / 4)
        held.withLock { $0 = tenure.map { Held(tenure: $0, until: begun + pace.life - margin) } }
        return tenure
    }

    /// Refuses the transaction of a node whose tenure is over; one that is let through holds up the next tenure.
    func require(_ tenure: Int64, in tx: borrowing Transaction) throws {
        guard try LeaseStore.isHeld(name, holder: context.node.id, tenure: tenure, in: tx) else {
            throw ControlPlaneError(.unavailable, "Another node does this job now.")
        }
    }

    /// Gives the lease back, because the server stops.
    package func release() async {
        guard held.withLock({ $0.take() }) != nil else { return }
        let (name, holder, now) = (name, context.node.id, context.now())
        do throws(ControlPlaneError) {
            try await context.write { tx in try LeaseStore.release(name, holder: holder, now: now, in: tx) }
        } catch {
            context.logger.info("a lease was not given back and ends by itself", metadata: ["error": "\(error)"])
        }
    }

    /// Renews until the task is cancelled.
    func keep() async {
        var isFailing = false
        while !Task.isCancelled {
            do throws(ControlPlaneError) {
                try await acquire()
                isFailing = false
            } catch {
                if !isFailing {
                    let reason = "\(error.cause ?? error)"
                    context.logger.warning("a lease could not be renewed", metadata: ["error": "\(reason)"])
                }
                isFailing = true
            }
            guard (try? await Task.sleep(for: pace.renewal)) != nil else { return }
        }
    }
}
