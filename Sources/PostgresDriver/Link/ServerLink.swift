import CLibpq
import Glibc

/// One connection to the server, owned: it is closed with this object.
///
/// It is used by one thread only. Nothing here blocks inside libpq: the thread waits in `poll(2)` on the socket and its
/// wake-up descriptor.
final class ServerLink {
    /// How long a server may take to break off a statement before the connection is given up.
    static let interruptionLimit = Duration.seconds(1)

    let connection: OpaquePointer
    private let wakeup: Wakeup
    private let spareThreads: SpareThreads
    /// Whether the connection can't be used any more.
    private(set) var isBroken = false

    /// Takes over what `PQconnectStartParams` answered.
    init(_ connection: OpaquePointer, wakeup: Wakeup, spareThreads: SpareThreads) {
        self.connection = connection
        self.wakeup = wakeup
        self.spareThreads = spareThreads
        // Notices would go to the standard error output.
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
    }

    deinit { PQfinish(connection) }

    /// The process that serves this connection, as its end of the connection says.
    var backendPID: Int32 { PQbackendPID(connection) }

    /// 150004 for version 15.4.
    var serverVersion: Int32 { PQserverVersion(connection) }

    /// Whether the connection is in no transaction and can take the next.
    var isAtRest: Bool {
        !isBroken && PQstatus(connection) == CONNECTION_OK && PQtransactionStatus(connection) == PQTRANS_IDLE
    }

    /// A setting that the server reports by itself, such as `server_encoding`.
    func setting(_ name: String) -> String? {
        PQparameterStatus(connection, name).map { String(cString: $0) }
    }

    /// Waits between transactions until somebody signals, the time has come, or the server has closed the connection.
    func rest(until end: ContinuousClock.Instant?) {
        guard !isBroken, wakeup.wait(for: PQsocket(connection), until: end).socket else { return }
        if PQconsumeInput(connection) == 0 || PQstatus(connection) != CONNECTION_OK { isBroken = true }
        // Reads what the server said unasked, its farewell for one.
        while PQisBusy(connection) == 0, let answer = PQgetResult(connection) { PQclear(answer) }
    }

    /// Runs statements of ours, without values.
    func run(_ text: String, _ patience: Patience) throws(ServerFailure) -> ServerAnswer {
        try check(PQsendQuery(connection, text))
        return try receive(patience)
    }

    /// Lets the server take a statement apart under a name, and returns the types of its parameters.
    func prepare(_ name: String, _ text: String, _ patience: Patience) throws(ServerFailure) -> [UInt32] {
        try check(PQsendPrepare(connection, name, text, 0, nil))
        _ = try receive(patience)
        try check(PQsendDescribePrepared(connection, name))
        return try receive(patience).parameterTypes
    }

    /// Runs a prepared statement.
    func execute(_ name: String, _ values: BoundValues, _ patience: Patience) throws(ServerFailure) -> ServerAnswer {
        let isSent = values.withParameters { values, lengths, formats in
            PQsendQueryPrepared(connection, name, Int32(values.count), values, lengths, formats, 0)
        }
        try check(isSent)
        return try receive(patience)
    }

    /// Gives the connection up: both directions end at once, whatever the server does.
    func giveUp() {
        isBroken = true
        shutdown(PQsocket(connection), Int32(SHUT_RDWR))
    }

    private func check(_ isSent: Int32) throws(ServerFailure) {
        guard isSent == 0 else { return }
        throw lost()
    }

    private func lost() -> ServerFailure {
        isBroken = true
        return ServerFailure(.lost, "The connection to the server was lost.")
    }
}

extension ServerLink {
    /// Waits for the answer of what was sent last, whole; a refusal is thrown.
    private func receive(_ patience: Patience) throws(ServerFailure) -> ServerAnswer {
        var interruption = Interruption(patience)
        var answer: ServerAnswer?
        var failure: ServerFailure?
        do throws(ServerFailure) {
            while true {
                while isUnsent() || PQisBusy(connection) == 1 { try wait(&interruption) }
                guard let result = PQgetResult(connection) else { break }
                let next = ServerAnswer(result)
                if failure == nil { failure = next.failure }
                answer = consume next
            }
        } catch {
            // What the server said before it closed the connection tells more.
            failure = failure ?? error
            isBroken = true
        }
        finish(&interruption)
        if let failure { throw interruption.explain(failure, isBroken: isBroken) }
        guard let answer else { throw lost() }
        return answer
    }

    /// Waits for a request that is under way; the answer that came meanwhile is good, whatever becomes of it.
    private func finish(_ interruption: inout Interruption) {
        do throws(ServerFailure) {
            while !isBroken, interruption.mustWaitForRequest { try wait(&interruption) }
        } catch {
            isBroken = true
        }
        if PQstatus(connection) != CONNECTION_OK { isBroken = true }
    }

    private func isUnsent() -> Bool { PQflush(connection) == 1 }

    /// Waits once; breaks the statement off when its time is over, and gives the connection up when that is of no use.
    private func wait(_ interruption: inout Interruption) throws(ServerFailure) {
        let events = isUnsent() ? POLLIN | POLLOUT : POLLIN
        let ready = wakeup.wait(for: PQsocket(connection), events: events, until: interruption.end)
        if ready.socket {
            let isRead = PQconsumeInput(connection) == 1
            // What has arrived counts, even at the last moment.
            let isBusy = PQisBusy(connection) == 1
            if isBusy, !isRead { throw lost() }
            if !isBusy, !interruption.mustWaitForRequest { return }
        }
        switch interruption.next(at: .now) {
        case .wait: break
        case .interrupt:
            guard let handle = PQgetCancel(connection) else { throw lost() }
            let request = CancelRequest(handle)
            interruption.began(request)
            request.send(on: spareThreads, wakeup: wakeup)
        case .giveUp:
            giveUp()
            throw interruption.failure
        }
    }
}
