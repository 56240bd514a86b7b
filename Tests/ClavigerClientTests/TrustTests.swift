import ClavigerClient
import NIOHTTP1
import Testing

@Suite("Whom the client trusts")
struct TrustTests {
    /// What a call to a server with a certificate of a private authority comes to.
    private func ask(
        trusting: (PrivateAuthority) -> String?
    ) async throws -> (isReady: Bool, error: ClavigerClientError?) {
        let authority = try PrivateAuthority()
        defer { authority.remove() }
        let file = trusting(authority)
        var outcome: (Bool, ClavigerClientError?) = (false, nil)
        let answer = #"{"status":"ok"}"#
        try await CannedServer.answering(.ok, answer, tls: try authority.serverContext()) { server in
            let client = try ClavigerClient(configuration: .init(baseURL: server.url, authoritiesFile: file))
            do throws(ClavigerClientError) {
                _ = try await client.readiness()
                outcome.0 = true
            } catch {
                outcome.1 = error
            }
            try await client.shutdown()
        }
        return outcome
    }

    @Test("OPS-3: a server with a certificate of a private authority is taken if the file names that authority")
    func named() async throws {
        let outcome = try await ask { $0.file }
        #expect(outcome.isReady, "\(String(describing: outcome.error)) \(String(describing: outcome.error?.cause))")
    }

    @Test("OPS-3: without the file, or with another authority's, it is refused with a sentence about its certificate")
    func unknown() async throws {
        let stranger = try PrivateAuthority()
        defer { stranger.remove() }
        for file in [nil, stranger.file] {
            let outcome = try await ask { _ in file }
            #expect(!outcome.isReady)
            #expect(outcome.error?.code == .untrustedServer, "\(String(describing: outcome.error?.cause))")
        }
    }

    @Test(
        "OPS-3: a file without a certificate stops the call before any connection",
        arguments: ["/nonexistent", "/dev/null"]
    )
    func unreadable(_ file: String) {
        do throws(ClavigerClientError) {
            _ = try ClavigerClient(configuration: .init(baseURL: "https://localhost", authoritiesFile: file))
            Issue.record("accepted")
        } catch {
            #expect(error.code == .invalidConfiguration && error.message.contains(file))
        }
    }
}
