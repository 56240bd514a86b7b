import ClavigerServer
import ClavigerWire
import StrictJSON

/// What people write on the command line for objects of access.
enum AccessNames {
    /// `Main=developer`.
    static func pair(_ text: String) throws(CommandFailure) -> (name: String, role: String) {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
            throw CommandFailure(.invalidInput, "\(text): write a workspace, = and a role, like Main=developer.")
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    /// A policy in a file, or on standard input.
    static func policy(_ console: Console, _ file: String) throws(CommandFailure) -> PolicyRequest {
        let text: String?
        if file == "-" {
            var lines: [String] = []
            while let line = console.ask("") { lines.append(line) }
            text = lines.joined(separator: "\n")
        } else {
            do {
                text = try PrivateFile.read(file)
            } catch {
                throw CommandFailure(.invalidInput, "\(file) can't be read.")
            }
        }
        do {
            return try StrictJSONDecoder().decode(PolicyRequest.self, from: text ?? "")
        } catch {
            throw CommandFailure(.invalidInput, "\(file): \(error.path) \(error.message)")
        }
    }
}
