import PostgresDriver
import SQLDatabase

extension ServerConfiguration {
    /// How many connections to a PostgreSQL database this node keeps.
    package var databaseConnections: Int { settings.integer(ServerSetting.databaseConnections) }

    /// Where the data lives, with its path made whole, and one way at most by which the password comes.
    static func database(
        _ settings: ResolvedSettings,
        in dataDirectory: String,
        passwordFile: String?
    ) throws(ConfigurationError) -> DatabaseLocation {
        let entry = settings.entry(ServerSetting.database)
        guard let location = entry.value.flatMap({ try? DatabaseLocation($0.text) }) else {
            throw .malformed(ServerSetting.database, entry.source, found: "")
        }
        switch location {
        case .sqlite(let path):
            guard passwordFile == nil else { throw Self.needless(passwordFileIn: settings) }
            return .sqlite(path: path.hasPrefix("/") ? path : dataDirectory + "/" + path)
        case .postgres(let url):
            try check(url, entry.source)
            guard url.holdsPassword else { return location }
            guard entry.source != .flag else { throw Self.exposed }
            guard passwordFile == nil else { throw Self.twoPasswords(settings) }
            return location
        }
    }

    /// Lets the driver judge the rest of the URL; its sentences never quote it.
    private static func check(_ url: PostgresURL, _ source: SettingSource) throws(ConfigurationError) {
        do throws(DatabaseError) {
            _ = try PostgresConfiguration(url: url.revealed(), password: nil)
        } catch {
            throw ConfigurationError(.malformedValue, "\(source.naming(ServerSetting.database)): \(error.message)")
        }
    }

    private static let exposed = ConfigurationError(
        .contradiction,
        "flag --database: holds a password, and everybody on this machine can read the flags of a program; put the "
            + "password into a file with mode 0600 and name that in database_password_file, or give the whole URL in the "
            + "variable CLAVIGER_DATABASE_URL or in the YAML file, or leave it to PGPASSWORD or ~/.pgpass."
    )

    private static func twoPasswords(_ settings: ResolvedSettings) -> ConfigurationError {
        let names = [ServerSetting.database, ServerSetting.databasePasswordFile].map {
            settings.entry($0).source.naming($0)
        }
        return ConfigurationError(
            .contradiction,
            "\(names[0]) and \(names[1]): both give the database's password; keep one of them."
        )
    }

    private static func needless(passwordFileIn settings: ResolvedSettings) -> ConfigurationError {
        let setting = ServerSetting.databasePasswordFile
        return ConfigurationError(
            .contradiction,
            "\(settings.entry(setting).source.naming(setting)): is for a PostgreSQL database, and database is a file; "
                + "set database to a postgres:// URL, or leave the password out."
        )
    }
}
