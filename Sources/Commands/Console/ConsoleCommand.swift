import ArgumentParser

/// A command that is run with a console instead of reaching for the process's own streams.
protocol ConsoleCommand: AsyncParsableCommand {
    mutating func run(_ console: Console) async throws
}

extension ConsoleCommand {
    mutating func run() async throws {
        try await run(.system())
    }
}
