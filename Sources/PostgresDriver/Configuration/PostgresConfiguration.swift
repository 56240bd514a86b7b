package import SQLDatabase

/// Where a PostgreSQL database is and how it is used.
///
/// It prints as ``displayName`` in every way of printing: neither user nor password.
package struct PostgresConfiguration: Sendable {
    /// How many connections are kept open; 1 to 200.
    package var connections = 8
    /// How long a transaction may wait for a connection.
    package var waitLimit = Duration.seconds(5)
    /// How long any statement may run, on the server and here.
    ///
    /// Statements of the schema take as long as they need.
    package var statementLimit = Duration.seconds(5)
    /// How long the server keeps a transaction in which nothing happens.
    package var idleTransactionLimit = Duration.seconds(5)
    /// How long connecting may take, for each host of the URL; a `connect_timeout` in the URL wins.
    package var connectLimit = Duration.seconds(5)
    /// How many transactions may wait for a connection.
    package var queueLimit = 16_384

    let url: ConnectionURL

    /// Takes `postgres://user@host:5432/name?sslmode=verify-full…` or `postgresql://…`, all that libpq's URI form takes.
    ///
    /// The password is given here or in the URL, not in both. Without one libpq looks into its password file. A URL
    /// that can't be used throws ``DatabaseError/Code/invalidValue`` with a sentence that says what would be right.
    package init(url: String, password: String?) throws(DatabaseError) {
        self.url = try ConnectionURL(url, password: password)
    }

    /// `host:port/name`, for messages; never the user or a password.
    package var displayName: String { url.displayName }

    /// Whether the URL itself holds a password.
    package var holdsPassword: Bool { url.holdsPassword }

    /// Throws ``DatabaseError/Code/invalidValue`` with a sentence if a figure is out of its range.
    func check() throws(DatabaseError) {
        guard (1...200).contains(connections) else {
            throw DatabaseError(.invalidValue, "PostgreSQL needs 1 to 200 connections, not \(connections).")
        }
        let limits = [waitLimit, statementLimit, idleTransactionLimit, connectLimit]
        guard limits.allSatisfy({ $0 >= .milliseconds(1) && $0 <= .seconds(3_600) }) else {
            throw DatabaseError(.invalidValue, "A limit for PostgreSQL lies between 1 ms and 1 hour.")
        }
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { displayName }

    package var debugDescription: String { displayName }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
