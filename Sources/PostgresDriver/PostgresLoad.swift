/// How much a PostgreSQL database is used by this process, for metrics.
package struct PostgresLoad: Hashable, Sendable {
    package struct Connections: Hashable, Sendable {
        /// Connected to the server.
        package var open = 0
        /// Running a transaction.
        package var busy = 0
        /// How many there should be.
        package var wanted = 0
    }

    package var connections = Connections()
    /// Transactions that wait for a connection.
    package var waiting = 0
}
