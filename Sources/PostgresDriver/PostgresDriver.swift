/// PostgresDriver: the database of many nodes, over PostgreSQL's own client library. The only target that imports it.
///
/// A fixed number of connections, each on a thread of its own, which waits in `poll(2)` and never inside the library.
/// Transactions wait for a connection in one line with deadlines; its rules are a pure state machine. A connection
/// that fails is replaced, with growing pauses; when all have been gone for a second, transactions are refused at once.
///
/// - `Configuration`: what the URL says, and what is added to it.
/// - `Link`: the only place with pointers: a connection, an answer, a request to cancel, a wake-up descriptor.
/// - `Session`: what is said on a connection: checks at its start, prepared statements, transactions, errors in our words.
/// - `Pool`: who waits, who runs, what is replaced when.
///
/// Values are always bound. Of the server's errors only the first sentence is used, never its details, which quote
/// values.
///
/// Imports: SQLDatabase, CLibpq, Logging. No Foundation.
