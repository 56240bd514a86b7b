import SQLDatabase

/// What is asked and set before a connection is used.
struct SessionStart {
    let link: ServerLink
    let configuration: PostgresConfiguration

    /// Refuses a server that can't serve, with a sentence that says what would be right, and makes the settings.
    func perform() throws(ServerFailure) {
        guard link.serverVersion >= 150_000 else {
            throw Self.refusal("is version \(link.serverVersion / 10_000); version 15 or later is needed.")
        }
        let encoding = link.setting("server_encoding") ?? "unknown"
        guard encoding == "UTF8" else {
            throw Self.refusal("stores texts as \(encoding); the database has to be made with ENCODING 'UTF8'.")
        }
        let patience = Patience.lasting(configuration.connectLimit)
        let answer = try link.run(Self.question, patience)
        guard answer.rowCount == 1, try number(answer, 0) == Int64(link.backendPID) else { throw Self.pooler }
        guard try number(answer, 1) == 0 else { throw Self.readOnly }
        try set("statement_timeout", configuration.statementLimit, patience)
        try set("idle_in_transaction_session_timeout", configuration.idleTransactionLimit, patience)
        _ = try link.run(Self.settings, patience)
    }

    private func number(_ answer: borrowing ServerAnswer, _ column: Int32) throws(ServerFailure) -> Int64? {
        let type = answer.columnType(column)
        return try answer.withValue(row: 0, column: column) { bytes throws(ServerFailure) -> Int64? in
            guard let bytes, case .int(let number) = try ServerType.decode(bytes, type: type) else { return nil }
            return number
        }
    }

    private func set(_ name: StaticString, _ limit: Duration, _ patience: Patience) throws(ServerFailure) {
        // A name that stands in this file and a whole number: nothing from outside gets into the text.
        _ = try link.run("SET \(name) = \(max(1, limit.wholeMilliseconds))", patience)
    }

    private static let question = """
        SELECT pg_backend_pid(),
            CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 1 ELSE 0 END
        """

    /// What the driver relies on, whatever the role's own settings are.
    private static let settings = """
        SET jit = off;
        SET bytea_output = hex;
        SET standard_conforming_strings = on;
        SET lock_timeout = 0;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """
}

extension SessionStart {
    /// What stands in the place of a SQLSTATE for a server that is none for us.
    private static let unfit = "-unfit"

    private static let readOnly = ServerFailure(
        .refused,
        state: "25006",
        "The server is a standby or read-only; the URL has to lead to the primary server."
    )

    private static let pooler = refusal(
        """
        answers through a connection pooler such as pgbouncer, which gives a transaction another connection each time; \
        the URL has to lead to the server itself.
        """
    )

    private static func refusal(_ sentence: String) -> ServerFailure {
        ServerFailure(.refused, state: unfit, "PostgreSQL \(sentence)")
    }

    /// What went wrong on the way to a usable connection, for the person who runs the server.
    static func explain(_ failure: ServerFailure) -> DatabaseError {
        let read = ["session is read-only", "server is in hot standby mode", "is not read-write"]
        if read.contains(where: { failure.message.contains($0) }) { return ErrorTranslation.translate(readOnly) }
        // pgbouncer refuses parameters of a session with this before anything could be asked.
        if failure.message.contains("unsupported startup parameter") { return ErrorTranslation.translate(pooler) }
        let error = ErrorTranslation.translate(failure)
        guard failure.state != unfit, error.code != .connectionLost, error.code != .readOnly else { return error }
        return DatabaseError(.connectionLost, error.message, cause: failure)
    }
}
