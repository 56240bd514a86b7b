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
        let file = try path.map { path throws(ConfigurationError) in try read(path) }
        let settings = try ResolvedSettings(
            flags: flags,
            environment: environment,
            file: file.map { ($0.path, $0.text) }
        )
        let configuration = try ServerConfiguration(settings, environment: environment)
        if let file, file.isOpenToOthers { try refusePassword(in: file.path, configuration) }
        return configuration
    }

    private struct File {
        let path: String
        let text: String
        /// Whether others than its owner may read or change it.
        let isOpenToOthers: Bool
    }

    /// A password in a file that others may read is no secret.
    private static func refusePassword(
        in path: String,
        _ configuration: ServerConfiguration
    ) throws(ConfigurationError) {
        let source = configuration.settings.entry(ServerSetting.database).source
        guard case .file = source, case .postgres(let url) = configuration.database, url.holdsPassword else { return }
        throw ConfigurationError(
            .contradiction,
            "\(source.naming(ServerSetting.database)): holds a password, and others than the file's owner have access "
                + "to it; `chmod 600 \(SettingSource.printable(path))` takes it from them, or put the password into a file of "
                + "its own and name that in database_password_file."
        )
    }

    private static func read(_ path: String) throws(ConfigurationError) -> File {
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
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        return File(path: path, text: text, isOpenToOthers: !isKnown || status.st_mode & 0o077 != 0)
    }
}
