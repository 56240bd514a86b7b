package import NIOCore
import NIOHTTP1
import StrictJSON
import Transport

/// Whether and where the agent asks for its cloud.
public enum MetadataSource: Sendable, Equatable {
    /// Nobody is asked.
    case off
    /// The service at this base address; clouds use `http://169.254.169.254`.
    case service(String)

    /// The address that AWS, Azure and GCP share.
    public static let standard = MetadataSource.service("http://169.254.169.254")

    /// Reads `CLAVIGER_AGENT_METADATA`: `off`, a base address, or nothing for the standard one.
    public init(environmentValue: String?) {
        self =
            switch environmentValue {
            case nil, "": .standard
            case "off": .off
            case let address?: .service(address)
            }
    }
}

/// Finds cloud, region and instance id from the instance metadata service: AWS (version 2 of its service), Azure, GCP.
///
/// All three are asked at once, with one limit of a second for everything; whoever answers in its own form is it. No
/// proxy is used. A machine that has no such service simply states none.
package struct CloudMetadata: Sendable {
    private let client: NetworkClient
    private let origin: WebOrigin
    private let limit: TimeAmount

    package init?(source: MetadataSource, group: any EventLoopGroup, limit: TimeAmount = .seconds(1)) {
        let settings = NetworkSettings(allowsPlainText: true, connectTimeout: limit)
        guard case .service(let address) = source, let origin = try? WebOrigin(parsing: address),
            let client = try? NetworkClient(group: group, settings: settings, secure: false)
        else { return nil }
        self.client = client
        self.origin = origin
        self.limit = limit
    }

    /// The statement, or nil when the time is up or nobody answered.
    package func find() async -> CloudStatement? {
        await withTaskGroup(of: CloudStatement?.self) { group in
            group.addTask { await aws() }
            group.addTask { await azure() }
            group.addTask { await gcp() }
            group.addTask {
                try? await Task.sleep(for: .nanoseconds(limit.nanoseconds))
                return nil
            }
            var waiting = 3
            for await found in group {
                waiting -= 1
                guard found != nil || waiting <= 0 else { continue }
                group.cancelAll()
                return found
            }
            return nil
        }
    }

    private func aws() async -> CloudStatement? {
        let lifetime: HTTPHeaders = ["X-aws-ec2-metadata-token-ttl-seconds": "60"]
        guard let token = await text(.PUT, "/latest/api/token", lifetime) else { return nil }
        let headers: HTTPHeaders = ["X-aws-ec2-metadata-token": token]
        guard let answer = await text(.GET, "/latest/dynamic/instance-identity/document", headers),
            let document = try? JSONValue(parsing: answer), let region = document["region"]?.stringValue
        else { return nil }
        return CloudStatement(name: "aws", region: region, instanceID: document["instanceId"]?.stringValue)
    }

    private func azure() async -> CloudStatement? {
        let path = "/metadata/instance/compute?api-version=2021-02-01&format=json"
        guard let answer = await text(.GET, path, ["Metadata": "true"]),
            let document = try? JSONValue(parsing: answer), let region = document["location"]?.stringValue
        else { return nil }
        return CloudStatement(name: "azure", region: region, instanceID: document["vmId"]?.stringValue)
    }

    private func gcp() async -> CloudStatement? {
        let headers: HTTPHeaders = ["Metadata-Flavor": "Google"]
        guard let zone = await text(.GET, "/computeMetadata/v1/instance/zone", headers, flavor: "Google"),
            let name = zone.split(separator: "/").last, let dash = name.lastIndex(of: "-")
        else { return nil }
        let id = await text(.GET, "/computeMetadata/v1/instance/id", headers, flavor: "Google")
        return CloudStatement(name: "gcp", region: String(name[..<dash]), instanceID: id)
    }

    private func text(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: HTTPHeaders,
        flavor: String? = nil
    ) async -> String? {
        let question = HTTPQuestion(method: method, path: path, headers: headers, bodyLimit: 16_384)
        guard let answer = try? await client.ask(origin, question, timeLimit: limit), answer.status == 200,
            flavor == nil || answer.headers.first(name: "Metadata-Flavor") == flavor
        else { return nil }
        return String(validating: answer.body, as: UTF8.self)
    }
}
