internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store

/// Carries rotations out for all channels of this node: issues at the set rate, watches deadlines, writes batches.
///
/// One service: no rotation and no channel has a task or a timer of its own.
package struct RotationDispatcher: Service {
    private let channels: ChannelService
    /// How often deadlines are looked at and batches written.
    private let tick: Duration

    package init(channels: ChannelService, tick: Duration = .milliseconds(100)) {
        self.channels = channels
        self.tick = tick
    }

    package func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await issueLoop() }
                group.addTask { await tickLoop() }
            }
        } onCancelOrGracefulShutdown: {
            channels.issues.finish()
        }
        await channels.writeBatch()
    }

    /// One look at deadlines and one batch.
    package func turn() async {
        await channels.watchDeadlines()
        await channels.writeBatch()
    }

    /// Issues what waits now, without regard to the rate.
    package func issueWaiting() async {
        for session in channels.issues.take(.max) { await channels.issue(session) }
    }

    private func tickLoop() async {
        while !channels.issues.isFinished {
            try? await Task.sleep(for: tick)
            if Task.isCancelled { return }
            await turn()
        }
    }

    private func issueLoop() async {
        var pace = RotationPace(now: .now)
        await withDiscardingTaskGroup { group in
            for await _ in channels.issues.wakes {
                while !channels.issues.isEmpty, !channels.issues.isFinished {
                    let allowed = pace.take(rate: channels.settings().server.rotationRatePerSecond, now: .now)
                    let sessions = channels.issues.take(allowed)
                    pace.giveBack(allowed - sessions.count)
                    for session in sessions { group.addTask { await channels.issue(session) } }
                    if !channels.issues.isEmpty {
                        guard (try? await Task.sleep(for: .milliseconds(5))) != nil else { return }
                    }
                }
            }
        }
    }
}
