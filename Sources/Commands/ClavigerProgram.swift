import ArgumentParser

/// The program: arguments in, exit status out.
package enum ClavigerProgram {
    /// Parses the arguments, runs the command they name, and answers the exit status.
    package static func run(_ arguments: [String], console: Console) async -> ExitStatus {
        do {
            var command = try Claviger.parseAsRoot(arguments)
            if var command = command as? any ConsoleCommand {
                try await command.run(console)
            } else {
                try command.run()
            }
            return .done
        } catch let failure as CommandFailure {
            for line in [Cell("error: " + failure.message).text] + failure.details.map({ Cell("  " + $0).text }) {
                console.note(line)
            }
            return failure.status
        } catch let failure as ToldFailure {
            return failure.status
        } catch {
            return end(error, console)
        }
    }

    /// Help and version go to standard output; a misunderstood command line to standard error with status 2.
    private static func end(_ error: any Error, _ console: Console) -> ExitStatus {
        let code = Claviger.exitCode(for: error)
        let text = Claviger.fullMessage(for: error)
        if code == .success {
            if !text.isEmpty { console.output(text) }
            return .done
        }
        if code == .validationFailure {
            console.note(text)
            return .usage
        }
        let failure = CommandFailure(error)
        console.note("error: " + Cell(failure.message).text)
        return failure.status
    }
}
