internal import Dispatch
internal import StrictJSON
internal import Synchronization

/// Runs password hashing on two threads of its own: two at a time, 16 waiting, and whoever comes then is refused.
///
/// Strangers can fill neither all places together nor, from one address, all of theirs: whoever signed in from their
/// address before, or has shown a session or a one-time secret, finds a place while others guess.
package final class ScryptPool: Sendable {
    package static let threads = 2
    package static let maximumWaiting = 16
    /// How many of the places strangers may take together.
    package static let placesOfStrangers = 12
    /// How many one address may take, as a stranger and as one that is known.
    package static let placesPerAddress = 6

    /// Where an attempt comes from.
    package struct Origin: Hashable, Sendable {
        let address: String?
        let isKnown: Bool

        /// `isKnown`: they signed in to the account from this address before, or have shown more than a password.
        package init(address: String?, isKnown: Bool) {
            self.address = address
            self.isKnown = isKnown
        }
    }

    private struct Load: Sendable {
        var lanes: [Int]
        var origins: [Origin: Int] = [:]
        var strangers = 0
    }

    private let lanes: [DispatchQueue]
    private let load: Mutex<Load>

    package init() {
        lanes = (0..<Self.threads).map { DispatchQueue(label: "claviger.scrypt.\($0)") }
        load = Mutex(Load(lanes: Array(repeating: 0, count: Self.threads)))
    }

    /// Runs the work on one of the threads, or throws `Overloaded` at once.
    package func run<T: Sendable>(
        from origin: Origin,
        _ work: @escaping @Sendable () throws -> T
    ) async throws(ControlPlaneError) -> T {
        guard let lane = enter(origin) else {
            throw ControlPlaneError(
                .overloaded,
                "Too many people sign in at this moment; try again.",
                details: ["retry_after_seconds": 1]
            )
        }
        let result: Result<T, any Error> = await withCheckedContinuation { continuation in
            lanes[lane].async {
                let result = Result { try work() }
                self.leave(lane, origin)
                continuation.resume(returning: result)
            }
        }
        do { return try result.get() } catch { throw ControlPlaneError(error) }
    }

    /// The lane with the least to do, unless all places that the origin may have are taken.
    private func enter(_ origin: Origin) -> Int? {
        load.withLock { load in
            guard load.lanes.reduce(0, +) < Self.threads + Self.maximumWaiting,
                load.origins[origin, default: 0] < Self.placesPerAddress,
                origin.isKnown || load.strangers < Self.placesOfStrangers
            else { return nil }
            let lane = load.lanes.indices.min { load.lanes[$0] < load.lanes[$1] } ?? 0
            load.lanes[lane] += 1
            load.origins[origin, default: 0] += 1
            if !origin.isKnown { load.strangers += 1 }
            return lane
        }
    }

    private func leave(_ lane: Int, _ origin: Origin) {
        load.withLock { load in
            load.lanes[lane] -= 1
            let left = load.origins[origin, default: 1] - 1
            load.origins[origin] = left > 0 ? left : nil
            if !origin.isKnown { load.strangers -= 1 }
        }
    }
}
