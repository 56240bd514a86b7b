import Commands
import Testing

@Suite("Line editor")
struct LineEditorTests {
    typealias Editor = LineEditorStateMachine

    @discardableResult
    private func type(_ keys: String, _ editor: inout Editor) -> Editor.Action {
        type(Array(keys.utf8), &editor)
    }

    @discardableResult
    private func type(_ keys: [UInt8], _ editor: inout Editor) -> Editor.Action {
        keys.reduce(.none) { _, byte in editor.feed(byte) }
    }

    @Test(
        "CLI-1: every key does what it does elsewhere",
        arguments: [
            ("abc\u{1B}[Dx", "abxc"), ("abc\u{1B}ODx", "abxc"), ("abc\u{2}x", "abxc"), ("abc\u{1B}[D\u{1B}[Cx", "abcx"),
            ("abc\u{2}\u{6}x", "abcx"), ("abc\u{1}x", "xabc"), ("abc\u{1B}[Hx", "xabc"), ("abc\u{1B}[1~x", "xabc"),
            ("abc\u{1B}[7~x", "xabc"), ("abc\u{1B}OHx", "xabc"), ("abc\u{1}\u{5}x", "abcx"),
            ("abc\u{1}\u{1B}[Fx", "abcx"),
            ("abc\u{1}\u{1B}[4~x", "abcx"), ("abc\u{1}\u{1B}[8~x", "abcx"), ("abc\u{7F}x", "abx"), ("abc\u{8}x", "abx"),
            ("abc\u{1}\u{4}", "bc"), ("abc\u{1}\u{1B}[3~", "bc"), ("abc\u{4}", "abc"), ("ab cd\u{17}x", "ab x"),
            ("ab cd  \u{17}x", "ab x"), ("abc\u{15}x", "x"), ("abc\u{2}\u{15}x", "xc"), ("abc\u{1}\u{6}\u{B}x", "ax"),
            ("\u{7F}\u{8}\u{1B}[D\u{1B}[3~\u{17}\u{15}a", "a"), ("a\u{1B}[5~\u{1B}[1;5Cb", "ab"), ("a\u{1B}xb", "ab"),
            ("é€\u{1F600}\u{7F}", "é€"), ("e\u{301}\u{7F}x", "x"), ("a\u{0}\u{1A}\u{1C}b", "ab"),
        ]
    )
    func keys(_ keys: String, _ expected: String) {
        var editor = Editor()
        #expect(type(keys + "\r", &editor) == .accept(expected))
    }

    @Test("CLI-1: Enter, Tab, Ctrl-C, Ctrl-D and Ctrl-L are told to the caller")
    func actions() {
        var editor = Editor()
        #expect(editor.feed(4) == .end)
        #expect(type("a\t", &editor) == .complete && type("\u{C}", &editor) == .clearScreen)
        editor.insert("gent ")
        #expect(editor.beforeCursor == "agent ")
        #expect(type("\n", &editor) == .accept("agent ") && editor.feed(3) == .abandon)
    }

    @Test("CLI-1: up and down go through the history and back to the line that was begun")
    func history() {
        var editor = Editor(history: ["one", "two"])
        type("thr\u{1B}[A", &editor)
        #expect(editor.beforeCursor == "two")
        type("\u{10}\u{1B}[A", &editor)
        #expect(editor.beforeCursor == "one")
        type("\u{1B}[B\u{E}\u{1B}OB", &editor)
        #expect(type("ee\r", &editor) == .accept("three"))
    }

    @Test("CLI-1: a cut sequence or character swallows nothing that follows as a control key")
    func cut() {
        for cut in ["\u{1B}", "\u{1B}[", "\u{1B}O", "\u{1B}[1", "\u{1B}[1;5", "\u{1B}\u{1B}["].map({ Array($0.utf8) })
            + [[0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98]]
        {
            var editor = Editor()
            type("a", &editor)
            #expect(type(cut + [3], &editor) == .abandon)
            #expect(type(cut + [13], &editor) == .accept("a"))
        }
        var editor = Editor()
        #expect(type([0xE2, 0x82, 0x61, 0xC3, 0xC3, 0xA9, 0xFF, 0x80, 13], &editor) == .accept("aé"))
        type([0x1B, 0x5B] + Array(repeating: 0x31, count: 100), &editor)
        #expect(editor.feed(3) == .abandon)
    }

    @Test("CLI-1: no bytes make a line that is no text, too long, or has its cursor outside")
    func garbage() {
        var state: UInt64 = 11
        var editor = Editor(history: ["one", "tw\u{1B}[2Jo", "e\u{301}"])
        for _ in 0..<60_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let byte = UInt8(truncatingIfNeeded: state >> 40)
            let often: [UInt8] = [0x1B, 0x5B, 0x41, 0x44, 0x7F, 0xCC, 0x81, 0x17]
            _ = editor.feed(state >> 60 < 6 ? often[Int(byte % 8)] : byte)
            #expect((0...editor.text.count).contains(editor.cursor))
            #expect(editor.text.count <= Editor.limit)
        }
        let drawn = LineView.drawing(prompt: "> ", editor, columns: 20)
        #expect(drawn.hasPrefix("\r> "))
    }

    @Test("CLI-1: a line longer than the row is shown around the cursor, and holds no control character")
    func drawing() {
        var editor = Editor(history: ["x\u{1B}[2J"])
        type(String(repeating: "a", count: 30) + "z", &editor)
        #expect(LineView.drawing(prompt: "> ", editor, columns: 12) == "\r> aaaaaaaaz\u{1B}[K")
        type("\u{1}", &editor)
        #expect(LineView.drawing(prompt: "> ", editor, columns: 12).hasSuffix("\u{1B}[K\u{1B}[9D"))
        type("\u{1B}[A", &editor)
        #expect(LineView.drawing(prompt: "> ", editor, columns: 40) == "\r> x [2J\u{1B}[K")
    }
}
