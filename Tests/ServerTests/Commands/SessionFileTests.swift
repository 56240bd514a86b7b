import Commands
import Foundation
import Testing

@Suite("Session file")
struct SessionFileTests {
    private let session = SessionFile.Session(
        server: "http://127.0.0.1:1",
        token: "t",
        email: "a@b.example",
        expiresAt: "2026-11-21T00:00:00Z"
    )

    @Test("CLI-3: the session is kept with mode 0600 in a directory with mode 0700")
    func modes() throws {
        try withHome { home in
            let file = try SessionFile(environment: ["HOME": home])
            #expect(try file.read() == nil)
            try file.write(session)
            #expect(try file.read() == session)
            #expect(try mode(file.path) == 0o600)
            #expect(try mode(file.directory) == 0o700)
            file.remove()
            #expect(try file.read() == nil)
        }
    }

    @Test("CLI-3: a session file that others can read is not used")
    func readableByOthers() throws {
        try withHome { home in
            let file = try SessionFile(environment: ["HOME": "/nonexistent", "XDG_CONFIG_HOME": home])
            try file.write(session)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
            #expect(throws: CommandFailure.self) { try file.read() }
        }
    }

    @Test("A damaged session file says what to do", arguments: ["", "{", "{\"server\":1}", "\u{0}"])
    func damaged(_ text: String) throws {
        try withHome { home in
            let file = try SessionFile(environment: ["HOME": home])
            try file.write(session)
            try text.write(toFile: file.path, atomically: false, encoding: .utf8)
            #expect(throws: CommandFailure.self) { try file.read() }
        }
    }

    private func withHome(_ body: (String) throws -> Void) throws {
        let home = FileManager.default.temporaryDirectory.path + "/claviger-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: home) }
        try body(home)
    }

    private func mode(_ path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }
}
