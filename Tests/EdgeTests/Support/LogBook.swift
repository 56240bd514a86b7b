import Logging
import Synchronization

/// Keeps every log line of a server with all its metadata, for tests that look for what must not be there.
final class LogBook: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    fileprivate func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    func logger() -> Logger {
        var logger = Logger(label: "edge-test") { _ in Handler(book: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            book.add("\(event.level) \(event.message) \(all)")
        }
    }
}
