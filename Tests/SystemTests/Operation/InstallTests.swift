import Foundation
import Testing

@Suite("The install line")
struct InstallTests {
    @Test("AGT-2: install.sh, run by a plain shell, installs and enrols the agent", arguments: ["sh", "dash", "bash"])
    func installs(_ shell: String) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(
                on: bench,
                environment: ["CLAVIGER_AGENT_BINARY_DIR": try programFolder(bench)]
            )
            let owner = try await server.owner()
            let (id, installToken) = try await owner.createAgent("alpha")
            let prefix = bench.folder + "/prefix"
            let script = bench.folder + "/install.sh"
            try await API(url: server.url, token: nil).get("/install.sh").text.write(
                toFile: script,
                atomically: true,
                encoding: .utf8
            )
            let settings = [
                "CLAVIGER_INSTALL_TOKEN": installToken, "CLAVIGER_INSTALL_PREFIX": prefix, "HOME": bench.folder,
            ]
            let run = try await bench.finish(shell, [script], environment: settings, within: .seconds(60))
            #expect(run.ending == .code(0), "\(run.output)\(run.errors)")
            #expect(!(run.output + run.errors).contains(installToken))
            try await eventually("the agent is enrolled") { try await owner.events(id).contains("enrolled") }
            let again = try await bench.finish(shell, [script], environment: settings, within: .seconds(60))
            #expect(!(again.output + again.errors).contains(installToken))
        }
    }

    @Test("AGT-2: a script cut in the middle does nothing")
    func cutScript() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let text = try await API(url: server.url, token: nil).get("/install.sh").text
            #expect(!text.isEmpty)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let body = lines.dropLast(lines.last == "" ? 2 : 1).joined(separator: "\n")
            let prefix = bench.folder + "/prefix"
            let run = try await bench.finish("sh", ["-c", body], environment: ["CLAVIGER_INSTALL_PREFIX": prefix])
            #expect(!FileManager.default.fileExists(atPath: prefix), "\(run)")
        }
    }

    /// A folder with the daemon under the name by which the server looks for it.
    private func programFolder(_ bench: Workbench) throws -> String {
        let folder = bench.folder + "/programs"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/claviger-agent-" + machineArchitecture,
            withDestinationPath: Workbench.agent
        )
        return folder
    }
}
