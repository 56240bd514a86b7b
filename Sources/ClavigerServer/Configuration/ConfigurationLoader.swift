import Glibc

/// Brings the sources together: the words of the command line, the process environment, and the YAML file they name.
package enum ConfigurationLoader {
    /// Reads the flags after the command, the environment, and the file that `--config` or `CLAVIGER_CONFIG` names.
    package static func load(
        flags: [String],
        file: String?,
        environment: [String: String]
    ) throws(ConfigurationError) -> ServerConfiguration {
        let path = file ?? environment[KnownVariables.configurationFile.name]
        var content: (path: String, text: String)?
        if let path {
            content = (path, try read(path))
        }
        let settings = try ResolvedSettings(flags: flags, environment: environment, file: content)
        return try ServerConfiguration(settings, environment: environment)
    }

    private static func read(_ path: String) throws(ConfigurationError) -> String {
        let shownPath = SettingSource.printable(path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ConfigurationError(.unreadableFile, "file \(shownPath): can't be read (\(reason)).")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: FileSource.sizeLimit + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            guard count >= 0 else {
                let reason = String(cString: strerror(errno))
                throw ConfigurationError(.unreadableFile, "file \(shownPath): can't be read (\(reason)).")
            }
            if count == 0 { break }
            filled += count
        }
        guard let text = String(validating: bytes.prefix(filled), as: UTF8.self) else {
            throw ConfigurationError(.malformedSource, "file \(shownPath): is not UTF-8 text.")
        }
        return text
    }
}
