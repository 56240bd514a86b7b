import CLibpq
import Glibc

extension ServerLink {
    /// How a connection is opened.
    struct Opening {
        let parameters: [(keyword: String, value: String)]
        let limit: Duration
        let wakeup: Wakeup
        let spareThreads: SpareThreads
        /// Whether nobody wants the connection any more; asked whenever the thread is woken.
        let isUnwanted: () -> Bool
    }

    /// Connects; only the look-up of a host's name is libpq's own wait.
    static func open(_ opening: Opening) throws(ServerFailure) -> ServerLink {
        let end = ContinuousClock.now + opening.limit
        guard let connection = startConnecting(opening.parameters) else {
            throw ServerFailure(.lost, "There is no memory for a connection.")
        }
        let link = ServerLink(connection, wakeup: opening.wakeup, spareThreads: opening.spareThreads)
        // Only so does libpq tell the SQLSTATE of a refusal.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        guard PQstatus(connection) != CONNECTION_BAD else { throw link.refusal }
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED else { throw link.refusal }
            let events = state == PGRES_POLLING_WRITING ? POLLOUT : POLLIN
            let ready = opening.wakeup.wait(for: PQsocket(connection), events: events, until: end)
            if ready.woken, opening.isUnwanted() {
                throw ServerFailure(.left, "The connection is not wanted any more.")
            }
            guard ready.socket || ContinuousClock.now < end else {
                throw ServerFailure(.late, "The server did not answer within \(opening.limit.wholeMilliseconds) ms.")
            }
            if ready.socket { state = PQconnectPoll(connection) }
        }
        PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
        guard PQsetnonblocking(connection, 1) == 0 else { throw link.refusal }
        return link
    }

    private static func startConnecting(_ parameters: [(keyword: String, value: String)]) -> OpaquePointer? {
        var keywords = parameters.map { UnsafePointer(strdup($0.keyword)) } + [nil]
        var values = parameters.map { UnsafePointer(strdup($0.value)) } + [nil]
        defer {
            for pointer in keywords + values { free(UnsafeMutableRawPointer(mutating: pointer)) }
        }
        return PQconnectStartParams(&keywords, &values, 0)
    }

    /// Why libpq could not connect.
    private var refusal: ServerFailure {
        ConnectRefusal.failure(in: String(cString: PQerrorMessage(connection)))
    }
}
