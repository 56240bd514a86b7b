import ClavigerServer

/// What a command depends on and leaves behind: the sections that are alike on many pages.
extension ManualPage {
    var isHostCommand: Bool { command.hasOption("config") }
    var isClientCommand: Bool { command.hasOption("server") }

    var environment: [String] {
        var entries: [(String, String)] = []
        if isClientCommand || path.isEmpty {
            entries += [KnownVariables.server, KnownVariables.authorities].map { ($0.name, $0.summary) }
            entries.append(("XDG_CONFIG_HOME", "Directory below which the session is kept, instead of ~/.config."))
        }
        if isHostCommand || path.isEmpty {
            entries += [KnownVariables.configurationFile, KnownVariables.masterKey].map { ($0.name, $0.summary) }
            let every = "Any setting of the server; claviger config lists them with their values and sources."
            entries.append((KnownVariables.prefix + "SETTING", every))
        }
        if path.isEmpty || path == ["shell"] {
            entries.append(("XDG_STATE_HOME", "Directory below which the history is kept, instead of ~/.local/state."))
        }
        entries.append(("NO_COLOR", "Set and not empty: no colour, not even on a terminal."))
        return [".SH ENVIRONMENT"] + Self.entries(entries)
    }

    var exitStatus: [String] {
        [".SH EXIT STATUS", "Scripts may rely on these numbers."]
            + Self.entries(ExitStatus.allCases.map { ("\($0.rawValue)", $0.meaning) })
    }

    var files: [String] {
        var entries: [(String, String)] = []
        if isClientCommand || path.isEmpty {
            entries.append(("~/.config/claviger/session.json", "The session, with its token; mode 0600."))
        }
        if isHostCommand || path.isEmpty {
            entries.append(("~/.local/share/claviger", "The server's data directory unless the setting names another."))
        }
        if path.isEmpty || path == ["shell"] {
            entries.append(("~/.local/state/claviger/history", "What was typed in the shell; mode 0600, no secret."))
        }
        return entries.isEmpty ? [] : [".SH FILES"] + Self.entries(entries)
    }

    /// The pages above and below.
    var seeAlso: [String] {
        let above = path.indices.map { Array(path[..<$0]) }
        let below = command.children.map { path + [$0.commandName] }
        let pages = (above + below).map { Roff.bold(Self.name($0)) + "(1)" }
        return pages.isEmpty ? [] : [".SH SEE ALSO", pages.joined(separator: ",\n")]
    }

    private static func entries(_ entries: [(String, String)]) -> [String] {
        entries.flatMap { [".TP", Roff.bold($0.0), Roff.line($0.1)] }
    }
}
