import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Testing
import Transport

@Suite("TLS of the client", .serialized)
struct TLSTests {
    /// A certificate for `localhost` that exists only while the test runs, made by the openssl program.
    private struct Certificate {
        let folder: String
        var certificate: String { folder + "/cert.pem" }
        var key: String { folder + "/key.pem" }

        init() throws {
            var template = Array("/tmp/claviger-tls-XXXXXX".utf8CString)
            folder = String(cString: try #require(mkdtemp(&template)))
            let words = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "1",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                certificate,
            ]
            var arguments = words.map { strdup($0) } + [nil]
            defer { for argument in arguments { free(argument) } }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
            defer { posix_spawn_file_actions_destroy(&actions) }
            var process: pid_t = 0
            var status: Int32 = 0
            try #require(posix_spawnp(&process, "openssl", &actions, nil, &arguments, nil) == 0)
            try #require(waitpid(process, &status, 0) == process && status == 0, "openssl is needed for this test")
        }

        func server() throws -> NIOSSLContext {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            let key = try NIOSSLPrivateKey(file: key, format: .pem)
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
            )
        }

        func remove() {
            unlink(certificate)
            unlink(key)
            rmdir(folder)
        }
    }

    private func ask(host: String, trusting: Bool) async throws -> (status: Int?, error: TransportError?) {
        try await ask(host: host, trusting: trusting, times: 1)[0]
    }

    private func ask(
        host: String,
        trusting: Bool,
        times: Int
    ) async throws -> [(status: Int?, error: TransportError?)] {
        let certificate = try Certificate()
        defer { certificate.remove() }
        var outcomes: [(Int?, TransportError?)] = []
        let script: RawServer.Script = { _ in .send("HTTP/1.1 204 No Content\r\n\r\n") }
        try await RawServer.run(tls: try certificate.server(), script) { server in
            let settings = NetworkSettings(
                extraRootsFile: trusting ? certificate.certificate : nil,
                connectTimeout: .minutes(5)
            )
            let client = try NetworkClient(
                group: MultiThreadedEventLoopGroup.singleton,
                settings: settings,
                secure: true
            )
            let origin = try WebOrigin(parsing: "https://\(host):\(server.port)")
            for _ in 0..<times {
                do throws(TransportError) {
                    let answer = try await client.ask(origin, HTTPQuestion(path: "/"), timeLimit: .minutes(5))
                    outcomes.append((answer.status, nil))
                } catch {
                    outcomes.append((nil, error))
                }
            }
        }
        return outcomes
    }

    @Test("OPS-3: a server with a certificate from the extra authorities and the right name is taken")
    func trusted() async throws {
        let outcome = try await ask(host: "localhost", trusting: true)
        #expect(outcome.status == 204, "\(String(describing: outcome.error))")
    }

    @Test(
        "OPS-3: an unknown authority and a wrong name are refused",
        arguments: [("localhost", false), ("127.0.0.1", true)]
    )
    func refused(host: String, trusting: Bool) async throws {
        // Many times: the refusal must not get lost between the connection and whoever waits for its answer.
        for outcome in try await ask(host: host, trusting: trusting, times: 50) {
            #expect(outcome.error?.code == .tlsFailed, "\(outcome)")
        }
    }

    @Test("OPS-3: an authorities file that can't be read stops the start with a sentence")
    func badFile() {
        let settings = NetworkSettings(extraRootsFile: "/nonexistent.pem")
        #expect(throws: TransportError(.tlsFailed, "")) {
            try NetworkClient(group: MultiThreadedEventLoopGroup.singleton, settings: settings, secure: true)
        }
    }
}
