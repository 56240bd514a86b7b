import Foundation
import Glibc
import Testing

/// Something that happens to nodes, network or database, and is over when it returns.
struct WorldFault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let strike: @Sendable (World) async throws -> Void

    static let all = ofNodes + ofDatabase + ofNetwork

    static let ofNodes = [
        WorldFault(testDescription: "SIGKILL of a node, and its start") { world in
            try await world.nodes.servers[0].kill()
            try await Task.sleep(for: .seconds(2))
            try await world.nodes.servers[0].start()
        },
        // Its transactions end by idle_in_transaction_session_timeout, its leases end, others take it for gone.
        WorldFault(testDescription: "SIGSTOP of a node for 12 seconds") { world in
            let node = try world.nodes.servers[1].program()
            node.send(SIGSTOP)
            try await Task.sleep(for: .seconds(12))
            node.send(SIGCONT)
        },
    ]

    static let ofDatabase = [
        WorldFault(testDescription: "SIGKILL of all of PostgreSQL, and its start") { world in
            try await world.cluster.kill()
            try await Task.sleep(for: .seconds(2))
            try await world.cluster.start()
        },
        WorldFault(testDescription: "SIGKILL of one of PostgreSQL's processes") { world in
            try await world.cluster.killBackend(of: world.nodes.database)
            try await Task.sleep(for: .seconds(1))
        },
        WorldFault(testDescription: "SIGSTOP of PostgreSQL for 7 seconds") { world in
            try world.cluster.pause()
            try await Task.sleep(for: .seconds(7))
            try world.cluster.resume()
        },
        WorldFault(testDescription: "restart of PostgreSQL") { world in
            try await world.cluster.stop()
            try await world.cluster.start()
        },
        WorldFault(testDescription: "all sessions ended by pg_terminate_backend, three times") { world in
            for _ in 1...3 {
                try await world.cluster.postgres.sql(endSessions(of: world))
                try await Task.sleep(for: .seconds(1))
            }
        },
        WorldFault(testDescription: "connection slots exhausted for 6 seconds") { world in
            let database = world.nodes.database
            let hog = try world.bench.startPython(
                "hog.py",
                ["\(world.cluster.port)", database.user, database.name, "6"]
            )
            try await eventually("slots are taken") { hog.output.contains("holding") }
            try await world.cluster.postgres.sql(endSessions(of: world))
            try await hog.end(within: .seconds(60))
            let held = hog.output.split(separator: "\n").last.flatMap { Int($0) } ?? 0
            #expect(held >= 15, "the slots were not exhausted: \(held)")
        },
    ]

    static let ofNetwork = [
        WorldFault(testDescription: "the network between a node and the database cut for 12 seconds, and healed") {
            $0.network.hold()
            try await Task.sleep(for: .seconds(12))
            $0.network.pass()
        },
        WorldFault(testDescription: "the connections between a node and the database dead and never closed") {
            $0.network.blackhole()
            try await Task.sleep(for: .seconds(8))
            $0.network.pass()
        },
        WorldFault(testDescription: "answers of the database 300 ms late for 8 seconds") {
            $0.network.delay(milliseconds: 300, ofAnswersOnly: true)
            try await Task.sleep(for: .seconds(8))
            $0.network.pass()
        },
    ]

    private static func endSessions(of world: World) -> String {
        """
        SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = '\(world.nodes.database.name)' AND application_name = 'claviger'
        """
    }
}
