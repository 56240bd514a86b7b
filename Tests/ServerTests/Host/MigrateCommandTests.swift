import ClavigerServer
import Commands
import Foundation
import Testing

@Suite("Migrations on the host")
struct MigrateCommandTests {
    @Test("OPS-5: status writes nothing, up applies what is pending once, and both need no server and no master key")
    func upOnce() async throws {
        try await inTemporaryDirectory { base in
            let data = base + "/data"
            #expect(try await run("status", data).output.contains("0001_foundation  pending"))
            #expect(!FileManager.default.fileExists(atPath: data))
            let first = try await run("up", data)
            #expect(first.output.hasPrefix("0001_foundation"))
            #expect(first.notes.contains("applied."))
            let again = try await run("up", data)
            #expect(again.output.isEmpty && again.notes.contains("Nothing is pending."))
            let status = try await run("status", data, "-o", "json").output
            #expect(status.contains(#""pending":[]"#))
            #expect(status.contains(#"{"name":"0001_foundation","applied_at":"20"#))
            #expect(!FileManager.default.fileExists(atPath: data + "/master.key"))
        }
    }

    @Test("OPS-5: several `migrate up` at once apply each migration once")
    func together() async throws {
        try await inTemporaryDirectory { base in
            _ = try DataDirectory(making: base + "/data")
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let output = try await run("up", base + "/data").output
                        return output.split(separator: "\n").count { $0 == "0001_foundation" }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(applied == 1)
        }
    }

    private func run(
        _ verb: String,
        _ data: String,
        _ more: String...
    ) async throws -> (output: String, notes: String) {
        let console = RecordingConsole(environment: ["HOME": data])
        let status = await console.run(["migrate", verb, "--data-dir", data] + more)
        #expect(status == .done, "\(console.notes)")
        return (console.output, console.notes)
    }
}
