/// How a line being typed is drawn in one row of the terminal; a longer one is shown around the cursor.
package enum LineView {
    package static func drawing(prompt: String, _ editor: LineEditorStateMachine, columns: Int) -> String {
        let room = max(1, columns - prompt.count - 1)
        let start = max(0, editor.cursor - room)
        let shown = editor.text[start...].prefix(room)
        let back = shown.count - (editor.cursor - start)
        // A line of the history may hold anything.
        let text = String(
            shown.map { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } ? $0 : " " }
        )
        return "\r\(prompt)\(text)\u{1B}[K" + (back > 0 ? "\u{1B}[\(back)D" : "")
    }
}
