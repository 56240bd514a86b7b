import Foundation
import Glibc
import Testing

/// A state directory whose disk can be filled: a tiny file system of its own.
///
/// Root mounts one; anybody else has it mounted by sudo, as the gate installs its packages.
struct TinyDisk: Sendable {
    let folder: String

    init(on bench: Workbench) async throws {
        folder = bench.folder + "/tiny"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder
        let options = "size=128k,mode=0700,uid=\(getuid()),gid=\(getgid())"
        let mounted = try await Self.asRoot(bench, ["mount", "-t", "tmpfs", "-o", options, "tmpfs", path])
        guard mounted.ending == .code(0) else {
            throw Failure("this test needs to mount a tmpfs, as root or by sudo: \(mounted.errors)")
        }
        bench.onCleanUp { _ = try? await Self.asRoot(bench, ["umount", "--lazy", path]) }
    }

    private static func asRoot(
        _ bench: Workbench,
        _ words: [String]
    ) async throws -> (ending: Ending, output: String, errors: String) {
        let words = getuid() == 0 ? words : ["sudo", "-n"] + words
        return try await bench.finish("/usr/bin/env", words)
    }

    private var ballast: String { folder + "/ballast" }

    /// Writes until nothing more fits.
    func fill() {
        let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 7, count: 512)
        while write(descriptor, block, block.count) > 0 {}
        close(descriptor)
    }

    func empty() { unlink(ballast) }
}

@Suite("A full disk under the agent's state")
struct DiskFullTests {
    @Test("ROT-6, AGT-4: a token that can't be stored is answered with an error, and the old one stays whole")
    func rotationOnFullDisk() async throws {
        try await Workbench.run { bench in
            let owner = try await Server.start(on: bench).owner()
            let disk = try await TinyDisk(on: bench)
            let (id, installToken) = try await owner.createAgent("alpha")
            let daemon = Daemon(bench, state: disk.folder + "/state")
            #expect(try await daemon.enroll(at: owner.server.url, with: installToken).ending == .code(0))
            try daemon.run()
            try await owner.awaitConnection(id)
            let before = daemon.storedTokens()

            disk.fill()
            let reply = try await owner.rotate(id)
            #expect(reply.status == 502)
            #expect(reply.code == "RotationFailed")
            #expect(daemon.storedTokens() == before)
            #expect(try daemon.program().ended == nil)

            try await daemon.kill()
            try daemon.run()
            try await owner.awaitConnection(id)
            disk.empty()
            try await owner.rotateToPromotion(id, within: .seconds(90))
        }
    }

    @Test("AGT-4, AGT-5: enrolment on a full disk fails with a sentence and works again with the same install token")
    func enrolmentOnFullDisk() async throws {
        try await Workbench.run { bench in
            let owner = try await Server.start(on: bench).owner()
            let disk = try await TinyDisk(on: bench)
            let (id, installToken) = try await owner.createAgent("alpha")
            let daemon = Daemon(bench, state: disk.folder + "/state")
            disk.fill()
            let refused = try await daemon.enroll(at: owner.server.url, with: installToken)
            #expect(refused.ending != .code(0))
            #expect(!refused.errors.isEmpty)
            disk.empty()
            #expect(try await daemon.enroll(at: owner.server.url, with: installToken).ending == .code(0))
            try daemon.run()
            try await owner.awaitConnection(id)
        }
    }
}
