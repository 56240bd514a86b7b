/// Reads the message with which libpq gives up connecting.
package enum ConnectRefusal {
    /// `… failed: FATAL:  53300: too many connections for role "x"`, then details that are left out.
    ///
    /// Of several hosts the first that refused with a SQLSTATE counts, else the last message.
    package static func failure(in message: String) -> ServerFailure {
        let lines = message.split(separator: "\n").map { String($0) }
        for line in lines {
            guard let (state, sentence) = stateAndSentence(in: line) else { continue }
            return ServerFailure(.refused, state: state, sentence)
        }
        let sentence = lines.last { !$0.hasPrefix("\t") } ?? "The server can't be reached."
        return ServerFailure(.lost, sentence)
    }

    /// Looks for a SQLSTATE, five digits or capital letters, behind a colon and two blanks and before `: `.
    private static func stateAndSentence(in line: String) -> (state: String, sentence: String)? {
        let bytes = Array(line.utf8)
        guard bytes.count >= 10 else { return nil }
        for start in 0...(bytes.count - 10) {
            let state = bytes[(start + 3)..<(start + 8)]
            guard bytes[start..<(start + 3)].elementsEqual(":  ".utf8),
                bytes[(start + 8)..<(start + 10)].elementsEqual(": ".utf8),
                state.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
            else { continue }
            return (String(decoding: state, as: UTF8.self), String(decoding: bytes[(start + 10)...], as: UTF8.self))
        }
        return nil
    }
}
