internal import Dispatch
internal import StrictJSON
internal import Synchronization

/// Runs password hashing on two threads of its own: two at a time, 16 waiting, and whoever comes then is refused.
package final class ScryptPool: Sendable {
    package static let threads = 2
    package static let maximumWaiting = 16

    private let lanes: [DispatchQueue]
    private let load: Mutex<[Int]>

    package init() {
        lanes = (0..<Self.threads).map { DispatchQueue(label: "claviger.scrypt.\($0)") }
        load = Mutex(Array(repeating: 0, count: Self.threads))
    }

    /// Runs the work on one of the threads, or throws `Overloaded` at once.
    package func run<T: Sendable>(
        _ work: @escaping @Sendable () throws -> T
    ) async throws(ControlPlaneError) -> T {
        guard let lane = enter() else {
            throw ControlPlaneError(
                .overloaded,
                "Too many people sign in at this moment; try again.",
                details: ["retry_after_seconds": 1]
            )
        }
        let result: Result<T, any Error> = await withCheckedContinuation { continuation in
            lanes[lane].async {
                let result = Result { try work() }
                self.leave(lane)
                continuation.resume(returning: result)
            }
        }
        do { return try result.get() } catch { throw ControlPlaneError(error) }
    }

    /// The lane with the least to do, unless all places are taken.
    private func enter() -> Int? {
        load.withLock { load in
            guard load.reduce(0, +) < Self.threads + Self.maximumWaiting else { return nil }
            let lane = load.indices.min { load[$0] < load[$1] } ?? 0
            load[lane] += 1
            return lane
        }
    }

    private func leave(_ lane: Int) {
        load.withLock { $0[lane] -= 1 }
    }
}
