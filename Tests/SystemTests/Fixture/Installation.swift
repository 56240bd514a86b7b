import Foundation

/// A machine on which the install script of a server is run, again and again.
struct Installation {
    let bench: Workbench
    let server: Server
    let owner: Operator
    let shell: String
    private let script: String
    private let settings: [String: String]

    /// Starts a server and fetches its script.
    ///
    /// With `withService` the script believes it is root on a machine with systemd: its absolute paths lie below
    /// ``root``, and what only root can do is done by stand-ins.
    static func prepare(_ bench: Workbench, _ shell: String, withService: Bool = false) async throws -> Installation {
        let server = try await Server.start(
            on: bench,
            environment: ["CLAVIGER_AGENT_BINARY_DIR": try programFolder(bench)]
        )
        let owner = try await server.owner()
        return try await Installation(bench, server, owner, shell, withService)
    }

    private init(
        _ bench: Workbench,
        _ server: Server,
        _ owner: Operator,
        _ shell: String,
        _ withService: Bool
    ) async throws {
        (self.bench, self.server, self.owner, self.shell) = (bench, server, owner, shell)
        script = bench.folder + "/install.sh"
        let root = bench.folder + "/root"
        var text = try await API(url: server.url, token: nil).get("/install.sh").text
        var settings = Daemon.quiet.merging(["HOME": bench.folder]) { $1 }
        if withService {
            for (name, path) in [
                ("[ -d ", "/run/systemd"), ("unit=", "/etc/systemd"), ("state=", "/var/lib"),
                ("prefix=", "/usr/local"),
            ] {
                text = text.replacingOccurrences(of: name + path, with: name + root + path)
            }
            settings["PATH"] = try Self.standIns(root) + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
            settings["STAND_IN"] = root
        } else {
            settings["CLAVIGER_INSTALL_PREFIX"] = root
        }
        self.settings = settings
        try text.write(toFile: script, atomically: true, encoding: .utf8)
    }

    var root: String { bench.folder + "/root" }
    var state: String { root + "/var/lib/claviger-agent" }
    var unit: String { root + "/etc/systemd/system/claviger-agent.service" }
    var program: String { root + (settings["STAND_IN"] == nil ? "" : "/usr/local") + "/bin/claviger-agent" }

    /// Runs the line with a token; neither output ever shows it.
    func run(_ token: String, environment: [String: String] = [:]) async throws -> (ending: Ending, errors: String) {
        let run = try await bench.finish(
            shell,
            [script],
            environment: settings.merging(["CLAVIGER_INSTALL_TOKEN": token]) { $1 }.merging(environment) { $1 },
            within: .seconds(60)
        )
        let shown = run.output + run.errors + (bench.contents(root + "/calls") ?? "")
        guard !shown.contains(token) else { throw Failure("the script shows the install token") }
        return (run.ending, run.errors)
    }

    /// What the installed daemon says of its credential.
    func credential() async throws -> String {
        let run = try await bench.finish(program, ["status", "--json", "--state-dir", state])
        return try JSON(Data(run.output.utf8)).string("credential")
    }

    /// How often `systemctl enable` was called.
    var starts: Int {
        (bench.contents(root + "/calls") ?? "").split(separator: "\n").filter { $0.hasPrefix("enable") }.count
    }

    /// A folder with the daemon under the name by which the server looks for it.
    private static func programFolder(_ bench: Workbench) throws -> String {
        let folder = bench.folder + "/programs"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/claviger-agent-" + machineArchitecture,
            withDestinationPath: Workbench.agent
        )
        return folder
    }

    /// Programs in the place of those that need root; `systemctl` fails while there is a file `broken`.
    private static func standIns(_ root: String) throws -> String {
        let programs = [
            "id": #"if [ "$*" = -u ]; then echo 0; fi"#,
            "chown": "exit 0",
            "runuser": #"[ "$1 $2 $3" = "-u claviger-agent --" ] && shift 3 && exec "$@""#,
            "systemctl": #"""
            printf '%s\n' "$*" >>"$STAND_IN/calls"
            case $1 in
                is-enabled | is-active) [ -e "$STAND_IN/running" ] ;;
                enable) [ ! -e "$STAND_IN/broken" ] && : >"$STAND_IN/running" ;;
            esac
            """#,
        ]
        for folder in ["/bin", "/run/systemd/system", "/etc/systemd/system", "/var/lib", "/usr/local"] {
            try FileManager.default.createDirectory(atPath: root + folder, withIntermediateDirectories: true)
        }
        for (name, text) in programs {
            let path = root + "/bin/" + name
            try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        return root + "/bin"
    }
}
