import Commands
import Foundation
import Testing

@Suite("Help")
struct HelpTests {
    @Test("CLI-1: the help of every command is the one that was read and agreed to")
    func golden() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Golden/cli-help.txt").path
        let agreed = try? String(contentsOfFile: path, encoding: .utf8)
        if agreed != HelpText.all, ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try HelpText.all.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(agreed == HelpText.all, "Read the difference; UPDATE_GOLDEN=1 writes it to \(path).")
    }

    @Test("CLI-3: no command takes a secret as an argument")
    func secrets() {
        for word in ["--password ", "--token ", "--secret ", "--install-token ", "--master-key "] {
            #expect(!HelpText.all.contains(word), "\(word)")
        }
    }
}
