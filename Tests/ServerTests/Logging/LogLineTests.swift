import ClavigerServer
import Domain
import Logging
import Synchronization
import Testing

@Suite("Log lines")
struct LogLineTests {
    @Test("OPS-4: a record is one line of key=value pairs, whatever its values hold")
    func text() {
        let line = LogLineFormat.text.line([("a", "plain"), ("b", "two words"), ("c", "x=\"y\"\n\u{1B}"), ("d", "")])
        #expect(line == "a=plain b=\"two words\" c=\"x=\\\"y\\\"\\n\\u{1B}\" d=\"\"\n")
    }

    @Test("OPS-4: a record is one JSON object, whatever its values hold")
    func json() {
        let line = LogLineFormat.json.line([("a", "x\n\"")])
        #expect(line == #"{"a":"x\n\""}"# + "\n")
    }

    @Test("OPS-4: a token that reaches a log call is cut, in message, metadata and error")
    func redaction() {
        let token = Token.make(.agent, random: .system).revealed()
        let written = Mutex("")
        var logger = Logger(label: "test") { label in
            LogLineHandler(
                label: label,
                format: .text,
                level: .info,
                now: { Instant(microseconds: 0) },
                write: { line in written.withLock { $0 += line } }
            )
        }
        logger[metadataKey: "outer"] = "\(token)"
        logger.info("saw \(token)", metadata: ["inner": "\(token)"])
        logger.debug("below the level")
        let text = written.withLock { $0 }
        #expect(!text.contains(token))
        #expect(text.hasPrefix("time=1970-01-01T00:00:00.000000Z level=info message="))
        #expect(text.filter { $0 == "\n" }.count == 1)
    }
}
