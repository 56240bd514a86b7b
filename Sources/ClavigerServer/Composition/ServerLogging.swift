import Domain
import Glibc
package import Logging

/// The logger of this process, made here and nowhere else.
package enum ServerLogging {
    /// A logger that writes lines to standard error as the settings say.
    package static func logger(_ configuration: ServerConfiguration) -> Logger {
        let settings = configuration.settings
        let level = settings.text(ServerSetting.logLevel).flatMap { Logger.Level(rawValue: $0) } ?? .info
        let format = settings.text(ServerSetting.logFormat).flatMap { LogLineFormat(rawValue: $0) } ?? .text
        return Logger(label: "claviger") { label in
            LogLineHandler(
                label: label,
                format: format,
                level: level,
                now: { Instant(microseconds: SystemClock.realtimeMicroseconds()) },
                write: { StandardError.write($0) }
            )
        }
    }
}

/// Standard error, whole lines at a time.
enum StandardError {
    static func write(_ line: String) {
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
