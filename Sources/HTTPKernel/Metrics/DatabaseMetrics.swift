/// What the metrics and `/readyz` say of the database and of following its change log.
package struct DatabaseReading: Sendable {
    /// Whether the database answered within the last second.
    package var isUp: Bool
    /// How long ago the last look at the change log began that succeeded; nil before the first.
    package var lag: Duration?
    /// Transactions whose entries are looked at again with every poll, because an older one has not ended.
    package var windowTransactions: Int
    /// Entries read since the start.
    package var entries: Int
    /// The pool; nil if the engine has none.
    package var pool: Pool?

    /// Connections to a database server.
    package struct Pool: Sendable {
        package var open: Int
        package var busy: Int
        package var wanted: Int
        /// Transactions that wait for a connection.
        package var waiting: Int

        package init(open: Int, busy: Int, wanted: Int, waiting: Int) {
            self.open = open
            self.busy = busy
            self.wanted = wanted
            self.waiting = waiting
        }
    }

    package init(isUp: Bool, lag: Duration?, windowTransactions: Int, entries: Int, pool: Pool?) {
        self.isUp = isUp
        self.lag = lag
        self.windowTransactions = windowTransactions
        self.entries = entries
        self.pool = pool
    }
}

/// The database's figures among the metrics, read when they are asked for (OPS-4).
package enum DatabaseMetrics {
    /// Registers the figures; those of connections if the engine has a pool.
    package static func register(
        in registry: MetricsRegistry,
        read: @escaping @Sendable () -> DatabaseReading
    ) {
        let begun = ContinuousClock.now
        registry.reading("claviger_database_up", "Whether the database answered within the last second.") {
            read().isUp ? 1 : 0
        }
        registry.readingSeconds(
            "claviger_change_log_lag_seconds",
            "Time since the last look at the change log began that succeeded."
        ) { read().lag ?? (.now - begun) }
        registry.reading(
            "claviger_change_log_window_transactions",
            "Transactions begun since the oldest one that has not ended; their entries are kept."
        ) { Int64(read().windowTransactions) }
        registry.reading("claviger_change_log_entries_total", "Entries of the change log read.", kind: .counter) {
            Int64(read().entries)
        }
        guard read().pool != nil else { return }
        registerPool(in: registry) { read().pool ?? .init(open: 0, busy: 0, wanted: 0, waiting: 0) }
    }

    private static func registerPool(
        in registry: MetricsRegistry,
        read: @escaping @Sendable () -> DatabaseReading.Pool
    ) {
        let (name, help) = ("claviger_database_connections", "Connections to the database server.")
        registry.reading(name, help, .state("open")) { Int64(read().open) }
        registry.reading(name, help, .state("busy")) { Int64(read().busy) }
        registry.reading(name, help, .state("wanted")) { Int64(read().wanted) }
        registry.reading("claviger_database_waiting", "Transactions that wait for a connection.") {
            Int64(read().waiting)
        }
    }
}
