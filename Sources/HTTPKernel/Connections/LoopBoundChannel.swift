package import HummingbirdCore
package import Logging
package import NIOCore

/// Serves each connection on the event loop that reads it.
///
/// Without it every part of a request wakes another thread and is woken by it, which costs more than the answer to a short
/// request. What takes long must leave the loop by itself, as database transactions and passwords do.
package struct LoopBoundChannel<Base: ServerChildChannel>: ServerChildChannel {
    private let base: Base

    package init(_ base: Base) {
        self.base = base
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        base.setup(channel: channel, logger: logger)
    }

    package func handle(value: Base.Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await base.handle(value: value, logger: logger)
        }
    }
}

/// Runs the parts of a task on an event loop.
private final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
