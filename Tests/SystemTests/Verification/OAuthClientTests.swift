import Foundation
import Testing

@Suite("An OAuth client library")
struct OAuthClientTests {
    @Test("TOK-5: authlib finds the endpoints, introspects a token, revokes it, and sees that it is dead")
    func authlib() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let client = try await owner.createToken("client", ["tokens:verify"])
            let token = try await owner.createToken("asked", ["agents:read"])
            let program = try bench.startPython(
                "oauth_client.py",
                [server.url, client.id],
                input: "\(client.text)\n\(token.text)\n"
            )
            let ending = try await program.end(within: .seconds(30))
            #expect(ending == .code(0), "\(program.errors)")
            let told = JSON(Data(program.output.utf8))
            #expect(told["before"]["active"] == .bool(true), "\(program.output)")
            #expect(told["before"]["scope"].text == "agents:read")
            #expect(told["before"]["jti"].text == token.id)
            #expect(told["revoked"] == .number(200))
            #expect(told["after"] == .object(["active": .bool(false)]))
            #expect(told["issuer"].text == server.url)
        }
    }
}
