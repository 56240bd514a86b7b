import Glibc
import Synchronization

/// Threads of their own, which all begin at once.
enum Threads {
    private final class Work: Sendable {
        let body: @Sendable () -> Bool
        let waiting: Atomic<Int>
        let results = Mutex<[Bool]>([])

        init(_ count: Int, _ body: @escaping @Sendable () -> Bool) {
            self.body = body
            waiting = Atomic(count)
        }

        func run() {
            waiting.subtract(1, ordering: .acquiringAndReleasing)
            while waiting.load(ordering: .acquiring) > 0 { sched_yield() }
            let result = body()
            results.withLock { $0.append(result) }
        }
    }

    /// What each of so many threads answered, in the order in which they ended.
    static func run(_ count: Int, _ body: @escaping @Sendable () -> Bool) async -> [Bool] {
        let work = Work(count, body)
        var threads: [pthread_t] = []
        for _ in 0..<count {
            var thread = pthread_t()
            let status = pthread_create(
                &thread,
                nil,
                { pointer in
                    if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run() }
                    return nil
                },
                Unmanaged.passRetained(work).toOpaque()
            )
            if status == 0 { threads.append(thread) }
        }
        for thread in threads { pthread_join(thread, nil) }
        return work.results.withLock { $0 }
    }
}
