import Foundation
import Testing

@Suite("The install line")
struct InstallTests {
    @Test("AGT-2: install.sh, run by a plain shell, installs and enrols the agent", arguments: ["sh", "dash", "bash"])
    func installs(_ shell: String) async throws {
        try await Workbench.run { bench in
            let machine = try await Installation.prepare(bench, shell)
            let (id, token) = try await machine.owner.createAgent("alpha")
            let first = try await machine.run(token)
            #expect(first.ending == .code(0), "\(first.errors)")
            #expect(
                first.errors.split(separator: "\n") == [
                    "claviger: fetching the agent for \(machineArchitecture) from \(machine.server.url)",
                    "claviger: enrolled as \(id).",
                    "claviger: installed; start it with: CLAVIGER_AGENT_STATE_DIR=\(machine.state) \(machine.program) run",
                ]
            )
            #expect(try await machine.owner.events(id).contains("enrolled"))
            let state = bench.contents(machine.state + "/state.json")
            let again = try await machine.run(token)
            #expect(again.ending == .code(0))
            #expect(again.errors.contains("enrolled already"))
            #expect(bench.contents(machine.state + "/state.json") == state)
        }
    }

    @Test(
        "AGT-5: after an enrolment whose answer was lost the line enrols when it is run again, with a new token as well",
        arguments: ["sh", "dash"],
        [false, true]
    )
    func lostAnswer(_ shell: String, _ regenerates: Bool) async throws {
        try await Workbench.run { bench in
            let machine = try await Installation.prepare(bench, shell)
            var (id, token) = try await machine.owner.createAgent("alpha")
            let point = regenerates ? "agent.enrol.before-request" : "agent.enrol.after-answer"
            let failed = try await machine.run(token, environment: ["CLAVIGER_CRASH_AT": point])
            #expect(failed.ending == .code(1))
            #expect(failed.errors.contains("enrolment failed"))
            #expect(try await machine.credential() == "enrolling")
            if regenerates {
                token = try await machine.owner.act(id, "regenerate-token").expecting(200).string("install_token")
            }
            let again = try await machine.run(token)
            #expect(again.ending == .code(0), "\(again.errors)")
            #expect(try await machine.credential() == "enrolled")
        }
    }

    @Test("AGT-6: after a reset the new line enrols the machine again", arguments: ["sh", "dash"])
    func reset(_ shell: String) async throws {
        try await Workbench.run { bench in
            let machine = try await Installation.prepare(bench, shell)
            let (id, token) = try await machine.owner.createAgent("alpha")
            #expect(try await machine.run(token).ending == .code(0))
            let daemon = Daemon(bench, state: machine.state)
            let program = try daemon.run()
            try await machine.owner.awaitConnection(id)
            let reset = try await machine.owner.act(id, "reset").expecting(200)
            #expect(try await program.end() == .code(12))
            #expect(try await machine.credential() == "reset")
            let again = try await machine.run(reset.string("install_token"))
            #expect(again.ending == .code(0), "\(again.errors)")
            #expect(try await machine.credential() == "enrolled")
            try daemon.run()
            try await machine.owner.awaitConnection(id)
        }
    }

    @Test(
        "AGT-2: a run that enrolled and could not set up the service is finished by the next, which enrols nothing",
        arguments: ["sh", "dash"],
        ["unit", "systemctl"]
    )
    func service(_ shell: String, _ fault: String) async throws {
        try await Workbench.run { bench in
            let machine = try await Installation.prepare(bench, shell, withService: true)
            let (id, token) = try await machine.owner.createAgent("alpha")
            let files = FileManager.default
            let units = machine.root + "/etc/systemd/system"
            if fault == "unit" {
                try files.removeItem(atPath: units)
            } else {
                try "".write(toFile: machine.root + "/broken", atomically: true, encoding: .utf8)
            }
            let failed = try await machine.run(token)
            #expect(failed.ending == .code(1))
            #expect(failed.errors.contains("run the line again"), "\(failed.errors)")
            #expect(try await machine.credential() == "enrolled")
            let state = bench.contents(machine.state + "/state.json")
            try files.createDirectory(atPath: units, withIntermediateDirectories: true)
            try? files.removeItem(atPath: machine.root + "/broken")

            let again = try await machine.run(token)
            #expect(again.ending == .code(0), "\(again.errors)")
            #expect(bench.contents(machine.unit)?.contains("ExecStart=\(machine.program) run") == true)
            #expect(bench.mode(machine.unit) == 0o644)
            #expect(files.fileExists(atPath: machine.root + "/running"))
            #expect(bench.contents(machine.state + "/state.json") == state)
            #expect(try await machine.owner.events(id).filter { $0 == "enrolled" }.count == 1)
            let starts = machine.starts
            #expect(try await machine.run(token).ending == .code(0))
            #expect(machine.starts == starts)
        }
    }
}
