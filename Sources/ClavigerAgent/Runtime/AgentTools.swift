import Logging
import NIOCore
import Transport

/// What every part of a running agent has at hand.
struct AgentTools: Sendable {
    let configuration: AgentConfiguration
    let origin: WebOrigin
    let client: NetworkClient
    let keeper: StateKeeper
    let timeouts: WebSocketTimeouts
    let logger: Logger
    /// What the cloud said; there within a second of the start.
    let cloud: EventLoopFuture<CloudStatement?>
    let random: @Sendable (Int) -> [UInt8]

    var backoff: Backoff { Backoff(first: configuration.firstRetry, limit: configuration.longestRetry) }

    /// What this machine states about itself.
    func statement() async -> MachineStatement {
        var statement = MachineStatement.ofThisMachine(version: ClavigerAgent.version)
        statement.cloud = (try? await cloud.get()) ?? nil
        return statement
    }
}
