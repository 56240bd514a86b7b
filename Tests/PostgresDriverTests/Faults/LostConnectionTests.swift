import Glibc
import Logging
import PostgresDriver
import SQLDatabase
import TestDatabases
import Testing

@Suite("DST-4: connections that are lost are replaced")
struct LostConnectionTests {
    @Test("a connection ended in the middle of a transaction is an error there, and no more after it")
    func terminated() async throws {
        let server = try TestServer()
        try await server.withDatabase { database in
            let gate = Gate()
            async let failed = code {
                try await database.write { tx in
                    _ = try tx.rows("SELECT 1")
                    gate.wait()
                    _ = try tx.rows("SELECT 2")
                }
            }
            await gate.reached()
            try await server.terminateAll()
            gate.open()
            #expect(await failed == .connectionLost)
            for _ in 0..<10 { #expect(try await database.number() == 1) }
            try await eventually("both are back") { database.load.connections.open == 2 }
            #expect(try await server.connectionCount() == 2)
        }
    }

    @Test("connections that end while they rest cost no transaction")
    func terminatedAtRest() async throws {
        let server = try TestServer()
        try await server.withDatabase { database in
            for _ in 0..<5 {
                let began = ContinuousClock.now
                try await server.terminateAll()
                for _ in 0..<4 {
                    let lost = await failure { try await database.number() }
                    // A machine that takes longer than a second to connect again has every right to be refused.
                    #expect(lost == nil || ContinuousClock.now - began > .seconds(1))
                }
                try await eventually("it is well again") { (try? await database.number()) == 1 }
            }
        }
    }

    @Test("a transaction in which nothing happens for too long is ended, and the next one works")
    func idleInTransaction() async throws {
        let server = try TestServer()
        try await server.withDatabase(idleLimit: .milliseconds(200)) { database in
            let failed = await code {
                try await database.write { tx in
                    _ = try tx.rows("SELECT 1")
                    usleep(900_000)
                    _ = try tx.rows("SELECT 2")
                }
            }
            #expect(failed == .timeout)
            let next = try await database.number()
            #expect(next == 1)
        }
    }

    @Test("a connection lost during COMMIT: the message says that nobody knows whether it was committed")
    func lostAtCommit() async throws {
        let server = try TestServer()
        try await server.withDatabase { database in
            let gate = Gate()
            async let lost = failure {
                try await database.write { tx in
                    _ = try tx.rows("SELECT 1")
                    gate.wait()
                }
            }
            await gate.reached()
            try await server.terminateAll()
            gate.open()
            let error = await lost
            #expect(error?.code == .connectionLost)
            #expect(error?.message.contains("unknown whether the transaction was committed") == true)
        }
    }

    @Test("a process of the server that stopped holds nobody longer than the deadline and a second")
    func stopped() async throws {
        let server = try TestServer()
        try await server.withDatabase(connections: 1, statementLimit: .milliseconds(300)) { database in
            let pid = pid_t(try await database.number("SELECT pg_backend_pid()"))
            #expect(kill(pid, SIGSTOP) == 0)
            let began = ContinuousClock.now
            #expect(await code { try await database.number("SELECT 2") } == .timeout)
            #expect(ContinuousClock.now - began < .seconds(5))
            #expect(try await database.number("SELECT 3") == 3)
            #expect(kill(pid, SIGCONT) == 0)
            try await eventually("the old one has gone") { try await server.connectionCount() == 1 }
        }
    }

    @Test("no connection left: refused with a sentence, and well again when there is one")
    func slotsExhausted() async throws {
        let server = try TestServer()
        let role = server.application
        try await server.observe { try $0.executeSchema("CREATE ROLE \(role) LOGIN CONNECTION LIMIT 3") }
        var configuration = try server.configuration(user: role)
        configuration.connections = 3
        try await TestServer.withDatabase(configuration) { database in
            try await eventually("all are open") { database.load.connections.open == 3 }
            let late = PostgresDatabase(configuration, logger: Logger(label: "test"))
            let refusal = await failure { try await late.start() }
            #expect(refusal?.code == .connectionLost)
            #expect(refusal?.message.contains("max_connections") == true)

            try await server.observe { try $0.executeSchema("ALTER ROLE \(role) CONNECTION LIMIT 0") }
            try await server.terminateAll()
            try await eventually("transactions are refused") {
                await code { try await database.number() } == .connectionLost
            }
            let began = ContinuousClock.now
            let atOnce = await failure { try await database.number() }
            #expect(atOnce?.code == .connectionLost)
            #expect(ContinuousClock.now - began < .seconds(1))
            #expect(atOnce?.message.contains("max_connections") == true)

            try await server.observe { try $0.executeSchema("ALTER ROLE \(role) CONNECTION LIMIT 2") }
            try await eventually("it is well again") { (try? await database.number()) == 1 }
            try await eventually("two of three are open") { database.load.connections.open == 2 }
        }
        try await server.observe { try $0.executeSchema("DROP ROLE \(role)") }
    }

    @Test("neither errors nor deadlines nor departures leave a connection behind")
    func noLeak() async throws {
        let server = try TestServer()
        try await server.withDatabase(connections: 4, statementLimit: .milliseconds(400)) { database in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        switch number % 4 {
                        case 0: _ = try? await database.number("SELECT 1 / 0")
                        case 1: _ = try? await database.number("SELECT 1 FROM pg_sleep(2)")
                        case 2: _ = try? await database.write { _ in throw CancellationError() }
                        default: _ = try? await database.number("SELECT 1 FROM pg_sleep(0.3)")
                        }
                    }
                }
                try? await Task.sleep(for: .milliseconds(700))
                group.cancelAll()
            }
            try await eventually("nothing runs") { database.load.connections.busy == 0 && database.load.waiting == 0 }
            for _ in 0..<20 { #expect(try await database.number() == 1) }
            try await eventually("all are there") { try await server.connectionCount() == 4 }
        }
        try await eventually("all are gone") { try await server.connectionCount() == 0 }
    }
}
