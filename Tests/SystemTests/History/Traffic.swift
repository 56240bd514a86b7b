import Foundation
import Synchronization

/// Clients on every node that use credentials, and others that make and revoke them, until they are told to stop.
///
/// Each attempt is written down with when it began and ended, so that ``HistoryChecker`` can judge the answers.
final class Traffic: Sendable {
    private enum Kind: Sendable { case agent, session }

    /// A credential that is being used.
    private struct Subject: Sendable {
        let kind: Kind
        let token: String
        /// Tells it in the history, which holds no token.
        let name: String
        /// Where it is revoked.
        let path: String
    }

    private struct State {
        var history = History()
        var subjects: [Subject] = []
        var made = 0
        var isOver = false
    }

    private let nodes: Nodes
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(_ nodes: Nodes) {
        self.nodes = nodes
    }

    /// Runs beside a body; answers the history of all that was seen meanwhile.
    static func beside(_ nodes: Nodes, _ body: (Traffic) async throws -> Void) async throws -> History {
        let traffic = Traffic(nodes)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes.ports.indices {
                for _ in 1...2 { group.addTask { await traffic.useCredentials(at: node) } }
            }
            for _ in 1...2 { group.addTask { await traffic.makeAndRevoke(.agent) } }
            group.addTask { await traffic.makeAndRevoke(.session) }
            do {
                try await body(traffic)
            } catch {
                traffic.stop()
                try await group.waitForAll()
                throw error
            }
            traffic.stop()
            try await group.waitForAll()
            return traffic.history
        }
    }

    var history: History { state.withLock { $0.history } }

    /// How many credentials were made and revoked, answered with success.
    var revocations: Int { state.withLock { $0.history.revocations.filter { $0.ended != nil }.count } }

    private func stop() { state.withLock { $0.isOver = true } }
    private var isOver: Bool { state.withLock { $0.isOver } }
    private var now: Duration { ContinuousClock.now - start }

    // MARK: Using

    private func useCredentials(at node: Int) async {
        while !isOver {
            if let subject = state.withLock({ $0.subjects.randomElement() }) {
                let begun = now
                let answer = await use(subject, at: node)
                let use = History.Use(credential: subject.name, begun: begun, ended: now, answer: answer, node: node)
                state.withLock { $0.history.uses.append(use) }
            }
            try? await Task.sleep(for: .milliseconds(30))
        }
    }

    private func use(_ subject: Subject, at node: Int) async -> History.Answer {
        let port = nodes.ports[node]
        let answer: Exchange? =
            switch subject.kind {
            case .agent: try? await .knock(port: port, token: subject.token)
            case .session: try? await .perform("GET", "/api/v1/me", port: port, token: subject.token)
            }
        return switch (answer?.status, answer?.code) {
        case (nil, _), (503, _): .unchecked
        case (101, _), (200, _): .accepted
        case (401, "RevokedToken"): .revoked
        case (let status?, let code): .refused("\(status) \(code ?? "")")
        }
    }

    // MARK: Making and revoking

    /// Makes a credential, lets it be used for a moment, revokes it, and lets it be tried for a while longer.
    private func makeAndRevoke(_ kind: Kind) async {
        while !isOver {
            guard let subject = await make(kind) else {
                try? await Task.sleep(for: .milliseconds(200))
                continue
            }
            state.withLock { $0.subjects.append(subject) }
            try? await Task.sleep(for: .milliseconds(.random(in: 300...1200)))
            await revoke(subject)
            // The end of the traffic is no reason to stop looking at what was revoked last.
            try? await Task.sleep(for: .milliseconds(2500))
            state.withLock { $0.subjects.removeAll { $0.name == subject.name } }
        }
    }

    /// Asks until a node says that it is done; each attempt may have happened.
    private func revoke(_ subject: Subject) async {
        var isDone = false
        while !isDone {
            let port = nodes.ports.randomElement() ?? 0
            let begun = now
            let method = subject.kind == .session ? "DELETE" : "POST"
            let body: [String: any Sendable]? = subject.kind == .session ? nil : [:]
            let status = try? await Exchange.perform(
                method,
                subject.path,
                port: port,
                token: nodes.token,
                body: body
            ).status
            isDone = status.map { (200..<300).contains($0) } ?? false
            let revocation = History.Revocation(credential: subject.name, begun: begun, ended: isDone ? now : nil)
            state.withLock { $0.history.revocations.append(revocation) }
            if isDone || isOver { return }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    private func make(_ kind: Kind) async -> Subject? {
        let number = state.withLock { state in
            state.made += 1
            return state.made
        }
        return kind == .agent ? try? await makeAgent(number) : try? await makeSession(number)
    }

    private func makeAgent(_ number: Int) async throws -> Subject {
        let name = "traffic-\(number)"
        let created = try await post("/api/v1/agents", nodes.token, ["name": name, "slug": name])
        let enrolment = String(repeating: "A", count: 43)
        // The public key of RFC 8032's first test vector.
        let key = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        let install = try created.string("install_token")
        let answer = try await post("/api/v1/agents/enroll", install, ["enrolment_id": enrolment, "public_key": key])
        return Subject(
            kind: .agent,
            token: try answer.string("agent_token"),
            name: name,
            path: "/api/v1/agents/\(try answer.string("agent_id"))/tokens/revoke"
        )
    }

    private func makeSession(_ number: Int) async throws -> Subject {
        let person = ["email": Operator.email, "password": Operator.password]
        let token = try await post("/api/v1/auth/login", nil, person).string("session_token")
        let port = nodes.ports.randomElement() ?? 0
        let sessions = try await Exchange.perform("GET", "/api/v1/auth/sessions", port: port, token: token)
        guard let own = sessions.body["data"].items.first(where: { $0["is_current"].bool == true }) else {
            throw Failure("the session is not in the list")
        }
        return Subject(
            kind: .session,
            token: token,
            name: "session-\(number)",
            path: "/api/v1/auth/sessions/\(try own.string("id"))"
        )
    }

    private func post(_ path: String, _ token: String?, _ body: [String: any Sendable]) async throws -> JSON {
        let port = nodes.ports.randomElement() ?? 0
        let answer = try await Exchange.perform("POST", path, port: port, token: token, body: body)
        guard (200..<300).contains(answer.status) else { throw Failure("\(path): \(answer.status)") }
        return answer.body
    }
}
