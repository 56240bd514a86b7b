import ClavigerServer
import Foundation
import Testing

@Suite("Data directory")
struct DataDirectoryTests {
    @Test("OPS-1: the data directory is made with mode 0700, parents included")
    func made() throws {
        try withTemporaryDirectory { base in
            let directory = try DataDirectory(making: base + "/a/b")
            #expect(try mode(directory.path) == 0o700)
            #expect(try mode(base + "/a") == 0o700)
            _ = try DataDirectory(making: base + "/a/b")
        }
    }

    @Test("An empty directory, or the server's own, is closed to others; anybody else's is refused")
    func closed() throws {
        try withTemporaryDirectory { base in
            let open: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
            for name in ["empty", "own", "strange"] {
                try FileManager.default.createDirectory(
                    atPath: base + "/" + name,
                    withIntermediateDirectories: false,
                    attributes: open
                )
            }
            try "".write(toFile: base + "/own/server.lock", atomically: false, encoding: .utf8)
            try "".write(toFile: base + "/strange/letters", atomically: false, encoding: .utf8)
            #expect(try mode(DataDirectory(making: base + "/empty").path) == 0o700)
            #expect(try mode(DataDirectory(making: base + "/own").path) == 0o700)
            #expect(throws: HostError(.directory, "")) { try DataDirectory(making: base + "/strange") }
            #expect(try mode(base + "/strange") == 0o755)
        }
    }

    @Test("A path that is no directory, or is missing on a host command, is refused")
    func refused() throws {
        try withTemporaryDirectory { base in
            try "".write(toFile: base + "/file", atomically: false, encoding: .utf8)
            #expect(throws: HostError(.directory, "")) { try DataDirectory(making: base + "/file") }
            #expect(throws: HostError(.directory, "")) { try DataDirectory(making: base + "/file/below") }
            #expect(throws: HostError(.directory, "")) { try DataDirectory(existing: base + "/missing") }
        }
    }

    @Test("OPS-1: two servers can't run on one directory, and an ended one leaves no lock")
    func lock() throws {
        try withTemporaryDirectory { base in
            let directory = try DataDirectory(making: base)
            do {
                let first = try DataDirectoryLock(directory)
                #expect(throws: HostError(.locked, "")) {
                    let second = try DataDirectoryLock(directory)
                    second.hold()
                }
                first.hold()
            }
            let third = try DataDirectoryLock(directory)
            third.hold()
            #expect(try mode(directory.lockFile) == 0o600)
        }
    }

    @Test("The runtime file tells the URL, with mode 0600")
    func runtimeFile() throws {
        try withTemporaryDirectory { base in
            #expect(RuntimeFile.read(inDirectory: base) == nil)
            let file = RuntimeFile(url: "http://127.0.0.1:4711", processID: 42)
            try file.write(in: DataDirectory(making: base))
            #expect(RuntimeFile.read(inDirectory: base) == file)
            #expect(try mode(base + "/server.json") == 0o600)
            try "garbage".write(toFile: base + "/server.json", atomically: false, encoding: .utf8)
            #expect(RuntimeFile.read(inDirectory: base) == nil)
        }
    }

    @Test("A private file replaces what was there whole, never follows a link left for it")
    func privateFile() throws {
        try withTemporaryDirectory { base in
            try "old".write(toFile: base + "/a", atomically: false, encoding: .utf8)
            try FileManager.default.createSymbolicLink(atPath: base + "/a.new", withDestinationPath: base + "/victim")
            try PrivateFile.write("new", to: base + "/a")
            #expect(try PrivateFile.read(base + "/a") == "new")
            #expect(try mode(base + "/a") == 0o600)
            #expect(!FileManager.default.fileExists(atPath: base + "/victim"))
        }
    }
}
