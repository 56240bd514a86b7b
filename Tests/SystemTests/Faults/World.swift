import Foundation

/// Three nodes on a PostgreSQL of their own, the third behind a network that can be cut, and two agents behind a
/// balancer: what the faults happen to.
struct World: Sendable {
    let bench: Workbench
    let cluster: Cluster
    let nodes: Nodes
    /// Between the third node and the database.
    let network: Proxy
    let balancer: Proxy
    let agents: [(id: String, daemon: Daemon)]

    static let count = 3

    static func start(on bench: Workbench) async throws -> World {
        // Three nodes with 8 connections each, and 3 that are kept for superusers, who the nodes are not.
        let cluster = try await Cluster.start(on: bench, settings: ["max_connections=34"])
        let database = try await cluster.ordinaryDatabase()
        let network = try await Proxy.start(on: bench, before: [cluster.port])
        let nodes = try await Nodes.start(
            count,
            on: bench,
            database: database,
            reach: { $0 == count - 1 ? $1.through(port: network.port) : $1 }
        )
        let balancer = try await Proxy.start(on: bench, before: nodes.ports)
        var agents: [(id: String, daemon: Daemon)] = []
        for name in ["alpha", "beta"] {
            agents.append(try await nodes.owner(at: 0).connectedAgent(bench, name: name, through: balancer.url))
        }
        return World(bench: bench, cluster: cluster, nodes: nodes, network: network, balancer: balancer, agents: agents)
    }

    /// Puts a fault on the world beside traffic, and takes it away; answers what was seen from before it to after.
    func history(during fault: WorldFault, before: Duration = .seconds(2)) async throws -> History {
        try await Traffic.beside(nodes) { traffic in
            try await Task.sleep(for: before)
            try await fault.strike(self)
            try await recover()
            let revoked = traffic.revocations
            try await eventually("credentials are made and revoked again") { traffic.revocations >= revoked + 2 }
        }
    }

    /// Everything works again by itself: nodes are ready, and every agent authenticates and is rotated through each.
    func recover(within limit: Duration = .seconds(45)) async throws {
        for (index, server) in nodes.servers.enumerated() {
            try await eventually("node \(index) is ready again", within: limit) {
                if let ended = try server.program().ended { throw Failure("node \(index) ended: \(ended)") }
                let port = server.port
                return (try? await Exchange.perform("GET", "/readyz", port: port, within: .seconds(3)).status) == 200
            }
        }
        for (id, daemon) in agents {
            for index in nodes.servers.indices {
                try await nodes.owner(at: index).rotateToPromotion(id, within: limit)
            }
            if let ended = try daemon.program().ended { throw Failure("an agent ended: \(ended)") }
        }
    }

    /// How many sessions the nodes hold at the database; its own workers, such as autovacuum, are none.
    func sessions() async throws -> Int {
        let text = try await cluster.postgres.sql(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '\(nodes.database.name)' "
                + "AND backend_type = 'client backend'"
        )
        return Int(text) ?? 0
    }
}
