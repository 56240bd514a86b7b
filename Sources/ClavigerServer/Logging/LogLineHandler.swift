package import Domain
package import Logging

/// Writes log records to standard error, one line each: `key=value` text or one JSON object.
///
/// Everything written passes ``SecretRedaction`` first: should a token ever reach a log call, it is cut there.
package struct LogLineHandler: LogHandler {
    package let label: String
    package let format: LogLineFormat
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let now: @Sendable () -> Instant
    private let write: @Sendable (String) -> Void

    package init(
        label: String,
        format: LogLineFormat,
        level: Logger.Level,
        now: @escaping @Sendable () -> Instant,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        self.format = format
        logLevel = level
        self.now = now
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields: [(String, String)] = [
            ("time", now().rfc3339), ("level", event.level.rawValue), ("message", "\(event.message)"),
            ("logger", label),
        ]
        let extra = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in extra.sorted(by: { $0.key < $1.key }) {
            fields.append((key, "\(value)"))
        }
        if let error = event.error {
            fields.append(("error", "\(error)"))
        }
        write(format.line(fields.map { ($0.0, SecretRedaction.redact($0.1)) }))
    }
}
