import ClavigerAgent
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@Suite("Cloud and region")
struct CloudMetadataTests {
    /// What is found, and how long that took; a service that answers is given all the time a busy machine needs.
    private func look(
        within limit: TimeAmount = .minutes(5),
        _ responder: @escaping FakeServer.Responder
    ) async throws -> (statement: CloudStatement?, time: Duration) {
        let group = MultiThreadedEventLoopGroup.singleton
        var outcome: (CloudStatement?, Duration) = (nil, .zero)
        try await FakeServer.run(responder) { server in
            let metadata = CloudMetadata(source: .service(server.url), group: group, limit: limit)
            let start = ContinuousClock.now
            outcome.0 = await metadata?.find()
            outcome.1 = ContinuousClock.now - start
        }
        return outcome
    }

    private func found(_ responder: @escaping FakeServer.Responder) async throws -> CloudStatement? {
        try await look(responder).statement
    }

    @Test("AGT-7: AWS is asked with a session token")
    func aws() async throws {
        let statement = try await found { request in
            switch (request.method, request.path) {
            case (.PUT, "/latest/api/token"):
                request.headers.contains(name: "X-aws-ec2-metadata-token-ttl-seconds")
                    ? .answer(200, [], "tok") : .answer(400)
            case (.GET, "/latest/dynamic/instance-identity/document"):
                request.headers.first(name: "X-aws-ec2-metadata-token") == "tok"
                    ? .json(200, #"{"region":"eu-central-1","instanceId":"i-0abc"}"#) : .answer(401)
            default: .answer(404)
            }
        }
        #expect(statement == CloudStatement(name: "aws", region: "eu-central-1", instanceID: "i-0abc"))
    }

    @Test("AGT-7: Azure is asked with its header")
    func azure() async throws {
        let statement = try await found { request in
            guard request.path.hasPrefix("/metadata/instance"), request.headers.first(name: "Metadata") == "true" else {
                return .answer(404)
            }
            return .json(200, #"{"location":"westeurope","vmId":"1234"}"#)
        }
        #expect(statement == CloudStatement(name: "azure", region: "westeurope", instanceID: "1234"))
    }

    @Test("AGT-7: GCP is asked with its header, and must show it")
    func gcp() async throws {
        let statement = try await found { request in
            guard request.headers.first(name: "Metadata-Flavor") == "Google" else { return .answer(403) }
            let flavor = [("Metadata-Flavor", "Google")]
            return switch request.path {
            case "/computeMetadata/v1/instance/zone": .answer(200, flavor, "projects/1/zones/us-central1-a")
            case "/computeMetadata/v1/instance/id": .answer(200, flavor, "42")
            default: .answer(404)
            }
        }
        #expect(statement == CloudStatement(name: "gcp", region: "us-central1", instanceID: "42"))
    }

    static let strangers: [FakeReply] = [
        .answer(404), .answer(200, [], "<html>"), .json(200, "{}"), .json(200, #"{"region":1,"location":[]}"#), .drop,
        .silence, .answer(200, [], String(repeating: "x", count: 20_000)), .answer(302, [("Location", "/x")]),
    ]

    @Test("AGT-7: whoever answers otherwise, or never, is no cloud and is not waited for", arguments: strangers.indices)
    func stranger(index: Int) async throws {
        let (statement, time) = try await look(within: .seconds(1)) { _ in Self.strangers[index] }
        #expect(statement == nil)
        // Far above the limit of a second, for machines that are busy with other tests, and far below what it would
        // wait for silence without one.
        #expect(time < .seconds(120))
    }

    @Test("AGT-7: it can be turned off, and its address is checked")
    func source() {
        #expect(MetadataSource(environmentValue: "off") == .off)
        #expect(MetadataSource(environmentValue: nil) == .standard)
        #expect(MetadataSource(environmentValue: "") == .standard)
        #expect(MetadataSource(environmentValue: "http://127.0.0.1:1") == .service("http://127.0.0.1:1"))
        #expect(CloudMetadata(source: .off, group: MultiThreadedEventLoopGroup.singleton) == nil)
        #expect(CloudMetadata(source: .service("nonsense"), group: MultiThreadedEventLoopGroup.singleton) == nil)
    }
}
