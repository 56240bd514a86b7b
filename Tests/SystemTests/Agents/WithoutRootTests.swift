import Foundation
import Glibc
import Testing

@Suite("The daemon without root")
struct WithoutRootTests {
    @Test("AGT-4, AGT-7: a daemon that is nobody enrols, connects and is rotated")
    func nobody() async throws {
        try await Workbench.run { bench in
            let owner = try await Server.start(on: bench).owner()
            let (id, installToken) = try await owner.createAgent("alpha")
            let home = try Self.home(bench)
            let enrolment = try await bench.finish(
                "/usr/bin/env",
                Self.asNobody + [
                    home + "/claviger-agent", "enroll", "--server", owner.server.url, "--state-dir", home + "/state",
                ],
                environment: Daemon.quiet,
                input: installToken + "\n"
            )
            #expect(enrolment.ending == .code(0), "\(enrolment.errors)")
            _ = try bench.start(
                "/usr/bin/env",
                Self.asNobody + [home + "/claviger-agent", "run", "--state-dir", home + "/state"],
                environment: Daemon.quiet,
                name: "agent"
            )
            try await owner.awaitConnection(id)
            try await owner.rotateToPromotion(id, within: .seconds(60))
        }
    }

    /// Who isn't root is nobody enough.
    private static var asNobody: [String] {
        getuid() == 0
            ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
            : []
    }

    /// A folder that nobody can use, with the daemon in it.
    private static func home(_ bench: Workbench) throws -> String {
        let home = NSTemporaryDirectory() + "claviger-nobody-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        bench.onCleanUp { try? FileManager.default.removeItem(atPath: home) }
        try FileManager.default.copyItem(atPath: Workbench.agent, toPath: home + "/claviger-agent")
        if getuid() == 0 { chown(home, 65_534, 65_534) }
        return home
    }
}
