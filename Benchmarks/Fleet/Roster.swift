import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Transport

/// All agents of the fleet, and what is done to all of them.
final class Roster: Sendable {
    private let urls: [String]
    private let session: String
    private let origins: [WebOrigin]
    private let network: NetworkClient
    private let http: HTTPClient
    private let members = Mutex<[Member]>([])

    init(urls: String, session: String, roots: String?) throws {
        self.urls = urls.split(separator: ",").map(String.init)
        self.session = session
        origins = try self.urls.map { try WebOrigin(parsing: $0) }
        let group = MultiThreadedEventLoopGroup.singleton
        var settings = NetworkSettings()
        settings.extraRootsFile = roots
        network = try NetworkClient(group: group, settings: settings, secure: origins.contains { $0.isSecure })
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
        if let roots {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.file(roots)]
            configuration.tlsConfiguration = tls
        }
        http = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    func shutDown() async throws { try await http.shutdown() }

    /// Creates and enrols agents, 16 at a time.
    func enroll(_ count: Int) async throws -> [String: any Sendable] {
        let run = UInt32.random(in: 0 ... .max)
        let seconds = try await inParallel(count, width: 16) { index in
            let name = "fleet-\(String(run, radix: 36))-\(index)"
            let created = try await self.post(
                index,
                "/api/v1/agents",
                bearer: self.session,
                ["name": name, "slug": name]
            )
            guard let installToken = created["install_token"] as? String else { throw FleetError("no install token") }
            let member = Member()
            let answer = try await self.post(index, "/api/v1/agents/enroll", bearer: installToken, member.enrolment)
            try member.adopt(answer)
            self.members.withLock { $0.append(member) }
        }
        return ["seconds": seconds, "enrolled": members.withLock { $0.count }]
    }

    /// Opens the channels of the first agents and waits until each was let in.
    func connect(_ count: Int) async throws -> [String: any Sendable] {
        let chosen = members.withLock { Array($0.prefix(count)) }
        let seconds = try await inParallel(chosen.count, width: 64) { index in
            try await chosen[index].open(over: self.network, to: self.origins[index % self.origins.count])
        }
        return ["seconds": seconds, "connected": chosen.filter(\.isConnected).count]
    }

    /// Asks for a rotation of each agent at a steady pace and waits until every proof was accepted.
    func rotate(_ count: Int, perSecond: Int) async throws -> [String: any Sendable] {
        let chosen = members.withLock { Array($0.prefix(count)) }
        let before = chosen.map(\.promotions)
        let begun = ContinuousClock.now
        try await inParallel(chosen.count, width: 32) { index in
            let due = begun + .milliseconds(index * 1000 / perSecond)
            try await Task.sleep(until: due, clock: .continuous)
            _ = try await self.post(
                index,
                "/api/v1/agents/\(chosen[index].agentID)/tokens/rotate",
                bearer: self.session,
                ["wait_seconds": 0]
            )
        }
        let asked = begun.elapsed
        let deadline = ContinuousClock.now + .seconds(120)
        func promoted() -> Int { zip(chosen, before).filter { $0.promotions > $1 }.count }
        while promoted() < chosen.count, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
        let times = chosen.compactMap(\.lastRotation).sorted()
        func quantile(_ share: Double) -> Double {
            times.isEmpty ? 0 : times[min(times.count - 1, Int(share * Double(times.count)))] * 1000
        }
        return [
            "seconds": begun.elapsed, "asked_seconds": asked, "promoted": promoted(),
            "still_connected": chosen.filter(\.isConnected).count,
            "p50_ms": quantile(0.5), "p99_ms": quantile(0.99), "max_ms": quantile(1),
        ]
    }

    /// Brings back whoever lost its channel, as the daemon does: after about a second, doubling, at any node.
    ///
    /// A balancer would send each to a node that answers; here each tries one after the other.
    func comeBack(within limit: Duration) async throws -> [String: any Sendable] {
        let begun = ContinuousClock.now
        let all = members.withLock { $0 }
        try await Task.sleep(for: .milliseconds(500))
        let lost = all.filter { !$0.isConnected }
        await withTaskGroup(of: Void.self) { group in
            for member in lost { group.addTask { await self.comeBack(member, until: begun + limit) } }
        }
        return ["seconds": begun.elapsed, "lost": lost.count, "connected": all.filter(\.isConnected).count]
    }

    private func comeBack(_ member: Member, until end: ContinuousClock.Instant) async {
        var wait = 1.0
        while ContinuousClock.now < end {
            try? await Task.sleep(for: .seconds(wait * .random(in: 0.8...1.2)))
            for origin in origins.shuffled() {
                if (try? await member.open(over: network, to: origin)) != nil { return }
            }
            wait = min(wait * 2, 60)
        }
    }

    @discardableResult
    private func inParallel(
        _ count: Int,
        width: Int,
        _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Double {
        let begun = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                if index >= width { try await group.next() }
                group.addTask { try await work(index) }
            }
            try await group.waitForAll()
        }
        return begun.elapsed
    }

    /// Asks the node whose turn it is.
    private func post(
        _ index: Int,
        _ path: String,
        bearer: String,
        _ body: [String: any Sendable]
    ) async throws -> [String: any Sendable] {
        var request = HTTPClientRequest(url: urls[index % urls.count] + path)
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer " + bearer)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: body)))
        let response = try await http.execute(request, timeout: .seconds(60))
        let data = Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            throw FleetError("\(path): \(response.status.code) \(String(decoding: data, as: UTF8.self))")
        }
        return try JSONSerialization.jsonObject(with: data) as? [String: any Sendable] ?? [:]
    }
}

struct FleetError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ContinuousClock.Instant {
    /// Seconds since then.
    var elapsed: Double { (ContinuousClock.now - self) / .seconds(1) }
}
