import ClavigerServer
import Foundation
import Testing

@Suite("Host commands")
struct HostCommandTests {
    @Test("OPS-2: a database without its master key is refused with a sentence, and the key's change keeps it readable")
    func masterKey() async throws {
        let base = FileManager.default.temporaryDirectory.path + "/claviger-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: base) }
        _ = try DataDirectory(making: base)
        let environment = ["HOME": base]
        let configuration = try ConfigurationLoader.load(
            flags: ["--data-dir", base, "--log-level", "critical"],
            file: nil,
            environment: environment
        )
        #expect(try await HostCommands.rotateMasterKey(configuration, environment: environment) == 1)
        #expect(try mode(base + "/master.key") == 0o600)
        #expect(try await HostCommands.rotateMasterKey(configuration, environment: environment) == 1)
        try FileManager.default.moveItem(atPath: base + "/master.key", toPath: base + "/elsewhere")
        await #expect(throws: HostError(.masterKey, "")) {
            try await HostCommands.rotateMasterKey(configuration, environment: environment)
        }
        #expect(!FileManager.default.fileExists(atPath: base + "/master.key"))
    }

    @Test("ORG-2: before the first start there is nothing to set up, and the refusal says so")
    func noFirstStart() async throws {
        let base = FileManager.default.temporaryDirectory.path + "/claviger-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: base) }
        _ = try DataDirectory(making: base)
        let environment = ["HOME": base]
        let configuration = try ConfigurationLoader.load(
            flags: ["--data-dir", base, "--log-level", "critical"],
            file: nil,
            environment: environment
        )
        await #expect(throws: HostError(.refused, "")) {
            try await HostCommands.newSetupLink(configuration, environment: environment)
        }
        await #expect(throws: HostError(.refused, "")) {
            try await HostCommands.recoverOwner(configuration, environment: environment, email: nil)
        }
    }

    @Test(
        "OPS-2: what root's commands make in the data directory belongs to the server's user",
        .enabled(if: NSUserName() == "root", "only root can give files away")
    )
    func owner() async throws {
        let base = FileManager.default.temporaryDirectory.path + "/claviger-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: base) }
        _ = try DataDirectory(making: base)
        try FileManager.default.setAttributes([.ownerAccountID: 4711, .groupOwnerAccountID: 4712], ofItemAtPath: base)
        let environment = ["HOME": base]
        let configuration = try ConfigurationLoader.load(
            flags: ["--data-dir", base, "--log-level", "critical"],
            file: nil,
            environment: environment
        )
        _ = try await HostCommands.rotateMasterKey(configuration, environment: environment)
        try PrivateFile.write("x", to: base + "/setup-link")
        let names = try FileManager.default.contentsOfDirectory(atPath: base)
        #expect(Set(names).isSuperset(of: ["claviger.sqlite", "master.key", "setup-link"]))
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: base + "/" + name)
            #expect((attributes[.ownerAccountID] as? NSNumber)?.intValue == 4711, "\(name)")
        }
    }
}
