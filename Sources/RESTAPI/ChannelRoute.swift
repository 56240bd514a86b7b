import ClavigerWire
import HTTPKernel
import HTTPTypes
import Hummingbird

/// The agents' channel for whoever does not ask for an upgrade; real upgrades never reach the router.
enum ChannelRoute {
    static let route = Route(
        .get,
        APIPath.agentChannel.fullTemplate,
        .open { _, _ in
            throw HTTPProblem(
                .upgradeRequired,
                .upgradeRequired,
                "This address speaks WebSocket only.",
                headers: [.upgrade: "websocket"],
                closesConnection: true
            )
        }
    )
}
