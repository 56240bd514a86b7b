import ClavigerAgent
import NIOHTTP1
import NIOPosix
import Testing

@Suite("Cloud and region")
struct CloudMetadataTests {
    private func found(_ responder: @escaping FakeServer.Responder) async throws -> CloudStatement? {
        let group = MultiThreadedEventLoopGroup.singleton
        var statement: CloudStatement?
        try await FakeServer.run(responder) { server in
            statement = await CloudMetadata(source: .service(server.url), group: group)?.find()
        }
        return statement
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
        let clock = ContinuousClock()
        let start = clock.now
        let statement = try await found { _ in Self.strangers[index] }
        #expect(statement == nil)
        // Far above the limit of a second, for machines that are busy with other tests.
        #expect(clock.now - start < .seconds(30))
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
