/// SQLiteDriver: the embedded database, over GRDB. The only target that imports GRDB.
///
/// One connection writes and four read, each on a thread of its own; a fifth does nothing but ask whether anything was
/// committed (`PRAGMA data_version`). Write-ahead log, foreign keys on, `synchronous=FULL`, a busy timeout for other
/// processes on the same file. The file is 0600 in a directory 0700.
///
/// Writes are committed in groups: the transactions that wait are run one after the other, each in a savepoint, and
/// share one flush to the disk.
///
/// Imports: SQLDatabase, GRDB (which brings Foundation).

/// How an embedded database is opened.
package struct SQLiteConfiguration: Sendable {
    /// How many connections read at once.
    package var readers = 4
    /// How long a transaction waits for another process to finish writing; in milliseconds.
    package var busyMilliseconds = 5_000
    /// How long a transaction may wait before it begins.
    package var waitLimit = Duration.seconds(10)
    /// How long a transaction that only reads may run; then its statement is broken off.
    ///
    /// A write runs as long as it takes, for a migration has its time.
    package var readLimit = Duration.seconds(10)
    /// How many transactions may wait for the writer, and as many for the readers.
    package var queueLimit = 16_384
    /// How many write transactions share a commit at most.
    package var groupLimit = 256

    /// How much room on the disk is set aside for urgent transactions, in a file beside the database; 0 for none.
    package var reserveBytes = 4 << 20

    package init() {}
}

/// Where an embedded database is kept.
package enum SQLiteLocation: Sendable {
    /// A file; it and its directory are made if they are not there.
    case file(String)
    /// The memory of this process: one connection that reads and writes. For tests.
    case memory
}
