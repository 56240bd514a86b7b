import Domain
import HTTPKernel
import HTTPTypes
import SQLDatabase
import Store
import StrictJSON
import Testing

@Suite("Secrecy")
struct SecrecyTests {
    /// A request id is the caller's own text and is echoed; only what looks like a token is not taken for one.
    private static func headers(with secret: String) -> [String] {
        let headers = ["User-Agent: \(secret)", "X-Forwarded-For: \(secret)"]
        return secret.hasPrefix("clv_") ? headers + ["X-Request-Id: \(secret)"] : headers
    }

    @Test("AUD-2: secrets sent through every route appear in no log, error, metric or audit row")
    func markers() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (_, installToken) = try await server.createAgent("beta", owner: owner)
            let other = Token.make(.session, random: .system).revealed()
            let password = "marker-password-6b1f"
            let secrets = [
                owner, machine.token, installToken, server.setupSecret, other, password, EdgeServer.password,
            ]
            var answers = ""
            for route in server.routes {
                let path = route.template.replacing("{id}", with: machine.id)
                for secret in secrets {
                    let body = """
                        {"name":"\(secret)","secret":"\(secret)","password":"\(password)","email":"\(secret)",\
                        "new_password":"\(secret)","reason":"\(secret)","\(secret.hasPrefix("clv_") ? secret : "x")":1}
                        """
                    let answer = try await server.call(
                        route.method.rawValue,
                        "\(path)?token=\(secret)",
                        token: secret,
                        headers: Self.headers(with: secret),
                        body: route.method == .get ? nil : body
                    )
                    if answer.status >= 400 { answers += answer.text }
                }
            }
            let frame = try await server.exchange(Array(TestChannel.head(other).utf8))
            answers += frame.text
            let unowned = try await server.database.read { tx in
                try AuditStore.list(organization: nil, limit: 200, in: tx).elements.map { "\($0)" }
            }
            let events = try await server.call("GET", "/api/v1/audit/events?limit=200", token: owner).text
            let metrics = try await server.call("GET", "/metrics", token: EdgeServer.metricsToken).text
            let places = [
                ("log", server.log.text), ("metrics", metrics), ("audit", unowned.joined() + events),
                ("answers", answers),
            ]
            for secret in secrets {
                for (name, text) in places {
                    #expect(!text.contains(secret), "\(secret.prefix(12)) stands in the \(name)")
                }
            }
        }
    }
}
