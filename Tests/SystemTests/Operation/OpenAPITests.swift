import Foundation
import Synchronization
import Testing

@Suite("docs/openapi.yaml")
struct OpenAPITests {
    @Test("OPS-7: it is a valid OpenAPI 3.1 document with exactly the routes and error codes there are")
    func document() async throws {
        try await Workbench.run { bench in
            let read = try await Answers().check(on: bench)
            #expect(read["faults"] == .list([]))
            let golden = try String(contentsOfFile: Workbench.root + "/Tests/Golden/routes.txt", encoding: .utf8)
            let routes = golden.split(separator: "\n").map { line in
                line.split(separator: " ", maxSplits: 2).prefix(2).joined(separator: " ")
            }
            #expect(routes.count > 30)
            #expect(read["routes"].items.compactMap(\.text) == routes.sorted())
            let explained = try String(contentsOfFile: Workbench.root + "/docs/troubleshooting.md", encoding: .utf8)
            let codes = explained.matches(of: /\| `([A-Z]\w+)` \| \d{3} \|/).map { String($0.1) }
            #expect(read["codes"].items.compactMap(\.text) == codes.sorted())
        }
    }

    @Test("OPS-7: what a server answers is what the document says, and nothing more")
    func answers() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let answers = Answers()
            try await people(server, owner, answers)
            try await definitions(owner, answers)
            try await life(bench, owner, answers)
            try await tokens(owner, answers)
            try await programs(owner, answers)
            try await identities(owner, answers)
            try await verification(owner, answers)
            let read = try await answers.check(on: bench)
            #expect(read["faults"] == .list([]))
            #expect(answers.count > 35)
        }
    }

    private func people(_ server: Server, _ owner: Operator, _ answers: Answers) async throws {
        let nobody = API(url: server.url, token: nil)
        try await answers.add("GET", "/api/v1/me", owner.api)
        try await answers.add("GET", "/api/v1/me", nobody)
        try await answers.add("GET", "/api/v1/auth/sessions", owner.api)
        let login = ["email": Operator.email, "password": Operator.password]
        let session = try await answers.add("POST", "/api/v1/auth/login", nobody, login)
        try await answers.add("POST", "/api/v1/auth/login", nobody, ["email": "a@b.example", "password": "wrong"])
        try await answers.add(
            "POST",
            "/api/v1/setup",
            nobody,
            ["secret": "x", "email": "a", "name": "b", "password": "c"]
        )
        let other = API(url: server.url, token: try session.string("session_token"))
        try await answers.add("POST", "/api/v1/auth/logout", other)
        try await answers.add("GET", "/api/v1/settings", owner.api)
        try await answers.add("PATCH", "/api/v1/settings", owner.api, ["agent_token_rotation_days": 8])
        try await answers.add("PATCH", "/api/v1/settings", owner.api, ["agent_token_rotation_days": 0])
        try await answers.add("POST", "/api/v1/agents/enroll", nobody)
    }

    private func definitions(_ owner: Operator, _ answers: Answers) async throws {
        let full: [String: any Sendable] = [
            "name": "Billing bot", "slug": "billing", "description": "d", "persona": "p", "environment": "production",
            "region": "eu", "input_schema": ["type": "object"], "output_schema": true, "labels": ["team": "billing"],
            "trigger_modes": ["manual", "event"], "allowed_models": ["m"],
        ]
        let created = try await answers.add("POST", "/api/v1/agents", owner.api, full)
        let id = try created["agent"].string("id")
        try await answers.add("POST", "/api/v1/agents", owner.api, full)
        try await answers.add("POST", "/api/v1/agents", owner.api, ["nonsense": 1])
        let key = ["Idempotency-Key": "once"]
        for _ in 1...2 { try await answers.add("POST", "/api/v1/agents", owner.api, ["name": "b"], headers: key) }
        try await answers.add("GET", "/api/v1/agents", owner.api)
        try await answers.add("GET", "/api/v1/agents/{id}", owner.api, id: id)
        try await answers.add("PUT", "/api/v1/agents/{id}", owner.api, full, id: id)
        try await answers.add("PATCH", "/api/v1/agents/{id}", owner.api, ["labels": NSNull(), "region": "us"], id: id)
        try await answers.add("POST", "/api/v1/agents/{id}/pause", owner.api, id: id)
        for _ in 1...2 {
            let path = "/api/v1/agents/{id}/regenerate-token"
            try await answers.add("POST", path, owner.api, [:], id: id, headers: ["Idempotency-Key": "twice"])
        }
        try await answers.add("GET", "/api/v1/agents/{id}/rotation", owner.api, id: id)
        try await answers.add("DELETE", "/api/v1/agents/{id}", owner.api, id: id)
        try await answers.add("GET", "/api/v1/agents/{id}", owner.api, id: id)
    }

    private func life(_ bench: Workbench, _ owner: Operator, _ answers: Answers) async throws {
        let (id, daemon) = try await owner.connectedAgent(bench)
        let path = "/api/v1/agents/{id}"
        try await answers.add("POST", path + "/tokens/rotate", owner.api, ["reason": "because"], id: id)
        try await owner.awaitPromotion(id)
        try await answers.add("POST", path + "/tokens/rotate", owner.api, id: id)
        try await answers.add("GET", path + "/rotation", owner.api, id: id)
        try await answers.add("GET", path, owner.api, id: id)
        for _ in 1...2 { try await answers.add("POST", path + "/tokens/end-grace", owner.api, id: id) }
        try await daemon.kill()
        try await owner.awaitConnection(id, "disconnected")
        try await answers.add("POST", path + "/tokens/rotate", owner.api, id: id)
        try await answers.add("DELETE", path + "/rotation", owner.api, id: id)
        for action in ["/pause", "/resume", "/tokens/revoke", "/reset"] {
            try await answers.add("POST", path + action, owner.api, ["reason": "because"], id: id)
        }
        try await answers.add("GET", path + "/events", owner.api, id: id)
        try await answers.add("GET", "/api/v1/audit/events", owner.api)
        try await answers.add("GET", "/api/v1/audit/events?scope=server", owner.api)
    }

    private func tokens(_ owner: Operator, _ answers: Answers) async throws {
        let path = "/api/v1/tokens"
        let full: [String: any Sendable] = [
            "name": "ci", "description": "d", "scopes": ["agents:read", "agents:*"], "tags": ["a"],
            "addresses": ["127.0.0.0/8"], "serves": "billing", "expires_in_days": 30,
            "limits": ["per_minute": 30, "monthly_quota": 100_000],
        ]
        let made = try await answers.add("POST", path, owner.api, full)
        let id = try made["token"].string("id")
        try await answers.add("POST", path, owner.api, full)
        try await answers.add("POST", path, owner.api, ["name": ""])
        let program = API(url: owner.api.url, token: try made.string("secret"))
        try await answers.add("GET", "/api/v1/agents", program)
        try await answers.add("POST", path, program, full)
        for query in ["", "?out_of_policy=true", "?kind=x"] { try await answers.add("GET", path + query, owner.api) }
        try await answers.add("GET", path + "/{id}", owner.api, id: id)
        try await answers.add("PATCH", path + "/{id}", owner.api, ["description": NSNull(), "tags": ["b"]], id: id)
        for _ in 1...2 {
            let key = ["Idempotency-Key": "rotate"]
            try await answers.add("POST", path + "/{id}/rotate", owner.api, ["reason": "r"], id: id, headers: key)
        }
        try await answers.add("POST", path + "/bulk/rotate", owner.api, ["filter": ["tag": "b"], "confirm": true])
        for action in ["pause", "rotate", "resume"] {
            try await answers.add("POST", path + "/{id}/" + action, owner.api, ["reason": "because"], id: id)
        }
        try await answers.add("GET", path + "/{id}/details", owner.api, id: id)
        try await answers.add("GET", path + "/templates", owner.api)
        let filter: [String: any Sendable] = ["filter": ["ids": [id]], "dry_run": true]
        try await answers.add("POST", path + "/bulk/revoke", owner.api, filter)
        try await answers.add("POST", path + "/bulk/revoke", owner.api, ["filter": ["ids": [id]]])
        let rescope = filter.merging(["remove_scopes": ["agents:read"]]) { $1 }
        try await answers.add("POST", path + "/bulk/rescope", owner.api, rescope)
        try await answers.add("POST", path + "/bulk/tag", owner.api, filter.merging(["add_tags": ["c"]]) { $1 })
        try await answers.add("POST", path + "/{id}/revoke", owner.api, id: id)
        try await answers.add("GET", path + "/{id}/details", owner.api, id: id)
        try await answers.add("GET", path + "/{id}", owner.api, id: "crd_x")
    }

    private func identities(_ owner: Operator, _ answers: Answers) async throws {
        let all = "/api/v1/identities"
        var draft: [String: any Sendable] = [
            "kind": "service", "name": "maintained", "role": "viewer", "scopes": ["agents:read"], "expires_in_days": 7,
        ]
        let made = try await answers.add("POST", all, owner.api, draft)["identity"].string("id")
        draft["dry_run"] = true
        try await answers.add("POST", all, owner.api, draft)
        draft["name"] = "planned"
        try await answers.add("POST", all, owner.api, draft)
        let agent: [String: any Sendable] = ["kind": "agent", "name": "Maintained agent"]
        let other = try await answers.add("POST", all, owner.api, agent)["identity"].string("id")
        try await answers.add("GET", all, owner.api)
        for id in [made, other] {
            try await answers.add("GET", all + "/{id}", owner.api, id: id)
            for action in ["pause", "resume", "rotate", "revoke"] {
                try await answers.add("POST", all + "/{id}/" + action, owner.api, id: id)
            }
            try await answers.add("GET", all + "/{id}", owner.api, id: id)
        }
    }

    private func programs(_ owner: Operator, _ answers: Answers) async throws {
        let accounts = "/api/v1/service-accounts"
        let draft: [String: any Sendable] = ["name": "robot", "role": "developer", "description": "d"]
        let account = try await answers.add("POST", accounts, owner.api, draft).string("id")
        try await answers.add("POST", accounts, owner.api, draft)
        try await answers.add("POST", accounts, owner.api, ["name": "a", "role": "owner"])
        try await answers.add("GET", accounts, owner.api)
        try await answers.add("PATCH", accounts + "/{id}", owner.api, ["role": "viewer"], id: account)
        let token: [String: any Sendable] = ["name": "t", "scopes": ["agents:read"], "never_expires": true]
        try await answers.add("POST", accounts + "/{id}/tokens", owner.api, token, id: account)
        let wide: [String: any Sendable] = ["name": "u", "scopes": ["agents:rotate"], "never_expires": true]
        try await answers.add("POST", accounts + "/{id}/tokens", owner.api, wide, id: account)
        for action in ["pause", "resume"] {
            try await answers.add("POST", accounts + "/{id}/" + action, owner.api, id: account)
        }
        try await answers.add("GET", accounts + "/{id}", owner.api, id: account)
        try await answers.add("DELETE", accounts + "/{id}", owner.api, id: account)
        try await answers.add("GET", accounts + "/{id}", owner.api, id: account)

        let scopes = "/api/v1/registered-scopes"
        try await answers.add("POST", scopes, owner.api, ["name": "invoices:read"])
        try await answers.add("POST", scopes, owner.api, ["name": "agents:read"])
        try await answers.add("GET", scopes, owner.api)
        let apis = "/api/v1/protected-apis"
        let draftAPI: [String: any Sendable] = ["name": "b", "audience": "a", "required_scopes": ["invoices:read"]]
        let api = try await answers.add("POST", apis, owner.api, draftAPI).string("id")
        try await answers.add("POST", apis, owner.api, draftAPI)
        try await answers.add("GET", apis, owner.api)
        try await answers.add("PATCH", apis + "/{id}", owner.api, ["audience": NSNull()], id: api)
        try await answers.add("GET", apis + "/{id}", owner.api, id: api)
        for _ in 1...2 { try await answers.add("DELETE", apis + "/{id}", owner.api, id: api) }
    }

    private func verification(_ owner: Operator, _ answers: Answers) async throws {
        let nobody = API(url: owner.api.url, token: nil)
        let (token, poor) = (
            try await owner.createToken("asked", ["agents:read"]), try await owner.createToken("poor", ["agents:read"])
        )
        let draft: [String: any Sendable] = ["name": "c", "accepted_kinds": ["personal"]]
        let api = try await owner.api.post("/api/v1/protected-apis", draft).expecting(201).string("id")
        let verify = "/api/v1/tokens/verify"
        try await owner.server.setPlan(#"{"per_hour":3}"#)
        for scope in ["agents:read", "agents:rotate"] {
            let question: [String: any Sendable] = ["token": token.text, "api": api, "scopes": [scope]]
            try await answers.add("POST", verify, owner.api, question)
        }
        for _ in 1...4 { try await answers.add("POST", verify, owner.api, ["token": token.text]) }
        try await answers.add("POST", verify, owner.api, ["token": "x"])
        try await answers.add("POST", verify, owner.api, ["cost": 2000])
        try await answers.add("POST", verify, nobody, ["token": "x"])
        let poorAPI = API(url: owner.api.url, token: poor.text)
        try await answers.add("POST", verify, poorAPI, ["token": "x"])
        for path in ["/oauth2/introspect", "/oauth2/revoke"] {
            for form in ["token=x", "", "token=\(poor.text)"] {
                try await answers.add("POST", path, owner.api, form: form)
                try await answers.add("POST", path, poorAPI, form: form)
                try await answers.add("POST", path, nobody, form: form)
            }
            try await answers.add("POST", path, owner.api, ["token": "x"])
        }
        let client = API(url: owner.api.url, token: token.text)
        try await answers.add("GET", "/auth/forward/{id}", client, id: api)
        try await answers.add("GET", "/auth/forward/{id}", nobody, id: api)
        try await answers.add("GET", "/.well-known/oauth-authorization-server", nobody)
    }
}

/// Answers of a server, each under its route's template.
private final class Answers: Sendable {
    private let lines = Mutex<[String]>([])

    var count: Int { lines.withLock { $0.count } }

    /// Calls a route and keeps what it answers.
    @discardableResult
    func add(
        _ method: String,
        _ template: String,
        _ api: API,
        _ body: [String: any Sendable]? = nil,
        form: String? = nil,
        id: String = "",
        headers: [String: String] = [:]
    ) async throws -> JSON {
        let path = template.replacing("{id}", with: id)
        let reply = try await api.call(method, path, body: body, form: form, headers: headers)
        let route = template.prefix { $0 != "?" }
        let text = reply.text.isEmpty ? "null" : reply.text
        lines.withLock {
            $0.append(#"{"method":"\#(method)","path":"\#(route)","status":\#(reply.status),"body":\#(text)}"#)
        }
        return reply.body
    }

    /// What Tests/SystemTests/Python/openapi.py says of the document and of these answers.
    func check(on bench: Workbench) async throws -> JSON {
        let input = lines.withLock { $0.joined(separator: "\n") } + "\n"
        let program = try bench.startPython("openapi.py", [Workbench.root + "/docs/openapi.yaml"], input: input)
        guard try await program.end(within: .seconds(60)) == .code(0) else { throw Failure(program.errors) }
        return JSON(Data(program.output.utf8))
    }
}
