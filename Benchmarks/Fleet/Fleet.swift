import Foundation
import NIOPosix

/// # fleet
///
/// Holds thousands of real agents in one process: real enrolments, real WebSocket connections, real signatures. What it
/// leaves out is the state file, so that the server's figures are not those of this machine's disk.
///
/// It takes one command a line on standard input and answers each with one JSON line:
///
///     enroll COUNT        creates and enrols agents           {"seconds": …}
///     connect COUNT       opens channels, 64 at a time        {"seconds": …, "connected": …}
///     rotate COUNT RATE   asks for rotations, RATE a second   {"seconds": …, "promoted": …, "p50_ms": …, "p99_ms": …}
///     return SECONDS      whoever lost its channel comes back, wherever it finds a server
///                                                             {"seconds": …, "lost": …, "connected": …}
///     quit
///
/// Called as `fleet URL[,URL…] SESSION-TOKEN-FILE [CA-FILE]`; with several nodes the agents go to them in turn.
@main
enum Fleet {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            FileHandle.standardError.write(Data("usage: fleet URL[,URL...] SESSION-TOKEN-FILE [CA-FILE]\n".utf8))
            exit(2)
        }
        let token = try String(contentsOfFile: arguments[2], encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let roster = try Roster(urls: arguments[1], session: token, roots: arguments.count > 3 ? arguments[3] : nil)
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard let command = words.first, command != "quit" else { break }
            let numbers = words.dropFirst().compactMap(Int.init)
            let answer =
                switch (command, numbers.count) {
                case ("enroll", 1): try await roster.enroll(numbers[0])
                case ("connect", 1): try await roster.connect(numbers[0])
                case ("rotate", 2): try await roster.rotate(numbers[0], perSecond: numbers[1])
                case ("return", 1): try await roster.comeBack(within: .seconds(numbers[0]))
                default: ["error": "unknown command"]
                }
            let data = try JSONSerialization.data(withJSONObject: answer, options: [.sortedKeys])
            FileHandle.standardOutput.write(data + Data("\n".utf8))
        }
        try await roster.shutDown()
    }
}
