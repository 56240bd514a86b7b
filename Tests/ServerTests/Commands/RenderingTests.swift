import ClavigerWire
import Commands
import StrictJSON
import Testing

@Suite("Rendering")
struct RenderingTests {
    @Test("CLI-1: a table is aligned, and its last column is not padded")
    func alignment() {
        let table = Table(["name", "state"], [["a", "active"], ["longer", "x"]])
        #expect(table.lines(coloured: false) == ["NAME    STATE", "a       active", "longer  x"])
        #expect(Table([], []).lines(coloured: false).isEmpty)
        #expect(Table(["name"], []).lines(coloured: false) == ["NAME"])
    }

    @Test("CLI-4: colour changes no column, and is absent without a terminal")
    func colour() {
        let table = Table([], [[Cell("active", .good), "x"], ["a", "y"]])
        #expect(table.lines(coloured: true) == ["\u{1B}[32mactive\u{1B}[0m  x", "a       y"])
        #expect(table.lines(coloured: false) == ["active  x", "a       y"])
    }

    @Test("CLI-4: NO_COLOR and a dumb terminal switch colour off")
    func noColour() {
        #expect(RecordingConsole(isTerminal: true).console.isColoured)
        #expect(!RecordingConsole().console.isColoured)
        #expect(!RecordingConsole(environment: ["NO_COLOR": "1"], isTerminal: true).console.isColoured)
        #expect(!RecordingConsole(environment: ["TERM": "dumb"], isTerminal: true).console.isColoured)
        #expect(RecordingConsole(environment: ["NO_COLOR": ""], isTerminal: true).console.isColoured)
    }

    @Test(
        "Nothing that a stranger states steers the terminal",
        arguments: ["\u{1B}[2J", "a\nb", "a\rb", "\u{9B}31m", "\u{202E}evil", "\u{0}", "a\u{2028}b", "\u{7}"]
    )
    func controlCharacters(_ text: String) {
        let shown = Cell(text).text
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        #expect(!shown.unicodeScalars.contains { [0x202E, 0x2028].contains($0.value) })
    }

    @Test("An absent value is a dash")
    func absent() {
        #expect(Cell(nil).text == "-")
        #expect(Cell("").text == "-")
    }

    @Test("CLI-1: the same result is a table or one JSON object")
    func bothShapes() throws {
        let console = RecordingConsole()
        let report = try Report(Table(["key"], [["a"]]), list: ["a"])
        console.console.show(report, as: .table)
        console.console.show(report, as: .json)
        #expect(console.output == "KEY\na\n{\"data\":[\"a\"]}")
    }

    @Test("AGT-3: a list shows status and connection, and says who needs a reset")
    func agentList() throws {
        var agent = AgentResponse(
            id: "agt_1",
            workspaceID: "wsp_1",
            name: "One",
            slug: "one",
            triggerModes: [],
            labels: [:],
            allowedModels: [],
            status: .active,
            connection: .connected,
            needsReset: false,
            createdAt: "t",
            updatedAt: "t"
        )
        let line = try AgentReport.list([agent]).table.lines(coloured: false)[1]
        #expect(line.contains("active") && line.contains("connected"))
        agent.needsReset = true
        #expect(try AgentReport.list([agent]).table.lines(coloured: false)[1].contains("needs reset"))
    }
}
