import HTTPKernel
import HTTPTypes

/// The instruments of the agents' channels.
struct ChannelMetrics: Sendable {
    let admitted: Counter
    let frames: Counter
    let faults: Counter
    let unknownMethods: Counter
    let unaskedAnswers: Counter
    let floods: Counter
    let proofTimeouts: Counter
    private let refusedByStatus: [Int: Counter]
    private let refusedOtherwise: Counter

    init(_ registry: MetricsRegistry, live: @escaping @Sendable () -> Int) {
        let upgrades = "claviger_channel_upgrades_total"
        let upgradesHelp = "Upgrades answered, by outcome."
        admitted = registry.counter(upgrades, upgradesHelp, .status("101"))
        refusedByStatus = Dictionary(
            uniqueKeysWithValues: [400, 401, 403, 409, 421, 426, 503].map { status in
                (status, registry.counter(upgrades, upgradesHelp, .status("\(status)")))
            }
        )
        refusedOtherwise = registry.counter(upgrades, upgradesHelp, .status("other"))
        frames = registry.counter("claviger_channel_frames_total", "Frames received from agents.")
        let ignored = "claviger_channel_frames_refused_total"
        let ignoredHelp = "Frames from agents that were refused or ignored."
        faults = registry.counter(ignored, ignoredHelp, .reason("malformed"))
        unknownMethods = registry.counter(ignored, ignoredHelp, .reason("unknown_method"))
        unaskedAnswers = registry.counter(ignored, ignoredHelp, .reason("unasked_answer"))
        floods = registry.counter(ignored, ignoredHelp, .reason("flood"))
        proofTimeouts = registry.counter("claviger_channel_proof_timeouts_total", "Channels closed without a proof.")
        registry.reading("claviger_channel_agents_connected", "Agents with a live channel on this node.") {
            Int64(live())
        }
    }

    func refused(_ status: HTTPResponse.Status) {
        (refusedByStatus[status.code] ?? refusedOtherwise).increment()
    }
}
