import Foundation
import Testing

/// What one node changes and others have in memory.
@Suite("Verification on three nodes", .onPostgresOnly)
struct PropagationTests {
    @Test("REV-3: a token revoked or paused on one node is refused on the others within a second, mostly in 250 ms")
    func revocation() async throws {
        try await Workbench.run(alone: true) { bench in
            let nodes = try await Nodes.start(3, on: bench)
            let owner = nodes.owner(at: 0)
            let verifier = try await owner.createToken("verifier", ["tokens:verify"])
            var lags: [Duration] = []
            for round in 0..<20 {
                let token = try await owner.createToken("t\(round)", ["agents:read"])
                for port in nodes.ports { #expect(try await code(token.text, verifier.text, port) == nil) }
                let act = round % 2 == 0 ? "revoke" : "pause"
                _ = try await nodes.owner(at: round % 3).api.post("/api/v1/tokens/\(token.id)/\(act)").expecting(200)
                let begun = ContinuousClock.now
                let expected = round % 2 == 0 ? "RevokedToken" : "SuspendedToken"
                #expect(try await code(token.text, verifier.text, nodes.ports[round % 3]) == expected, "the same node")
                for port in nodes.ports {
                    try await eventually("every node refuses", within: .seconds(5)) {
                        try await code(token.text, verifier.text, port) == expected
                    }
                }
                lags.append(ContinuousClock.now - begun)
            }
            let worst = lags.max() ?? .zero
            #expect(worst < .milliseconds(1000), "every one within a second on a busy machine: \(lags)")
            #expect(lags.sorted()[lags.count / 2] < .milliseconds(250), "\(lags)")
        }
    }

    @Test("ORG-6, REV-3: a role that changes on one node counts on the others within a second")
    func roles() async throws {
        try await Workbench.run(alone: true) { bench in
            let nodes = try await Nodes.start(3, on: bench)
            let owner = nodes.owner(at: 0)
            let verifier = try await owner.createToken("verifier", ["tokens:verify"]).text
            let account = try await owner.api.post(
                "/api/v1/service-accounts",
                ["name": "robot", "role": "developer"]
            ).expecting(201).string("id")
            let draft: [String: any Sendable] = ["name": "t", "scopes": ["agents:rotate"], "expires_in_days": 7]
            let made = try await owner.api.post("/api/v1/service-accounts/\(account)/tokens", draft).expecting(201)
            let token = try made.string("secret")
            var lags: [Duration] = []
            for round in 0..<12 {
                let (role, expected) = round % 2 == 0 ? ("viewer", "InsufficientScope") : ("developer", nil)
                for port in nodes.ports {
                    let before = try await code(token, verifier, port, scope: "agents:rotate")
                    #expect(before == (expected == nil ? "InsufficientScope" : nil))
                }
                let patch = try await nodes.owner(at: round % 3).api.patch(
                    "/api/v1/service-accounts/\(account)",
                    ["role": role]
                )
                _ = try patch.expecting(200)
                let begun = ContinuousClock.now
                let here = try await code(token, verifier, nodes.ports[round % 3], scope: "agents:rotate")
                #expect(here == expected, "the same node, at the next request")
                for port in nodes.ports {
                    try await eventually("every node follows the role", within: .seconds(5)) {
                        try await code(token, verifier, port, scope: "agents:rotate") == expected
                    }
                }
                lags.append(ContinuousClock.now - begun)
            }
            #expect(lags.max() ?? .zero < .seconds(1), "\(lags)")
        }
    }

    /// The code that a node refuses the token with; nil if it is good.
    private func code(
        _ token: String,
        _ verifier: String,
        _ port: Int,
        scope: String? = nil
    ) async throws -> String? {
        let scopes = [scope].compactMap(\.self)
        let answer = try await Exchange.perform(
            "POST",
            "/api/v1/tokens/verify",
            port: port,
            token: verifier,
            body: ["token": token, "cost": 0, "scopes": scopes]
        )
        guard answer.status == 200 else { throw Failure("verify answered \(answer.status)") }
        return answer.body["code"].text
    }
}
