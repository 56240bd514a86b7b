import SQLDatabase

/// What is said on one connection; used by its thread only.
final class Session {
    private static let statementLimit = 512

    private let link: ServerLink
    private let statementTime: Duration
    private var statements = PreparedStatements(limit: Session.statementLimit)

    init(_ link: ServerLink, statementTime: Duration) {
        self.link = link
        self.statementTime = statementTime
    }

    /// Whether the next transaction can begin.
    var isUsable: Bool { link.isAtRest }

    /// Waits between transactions; see ``ServerLink/rest(until:)``.
    func rest(until end: ContinuousClock.Instant?) { link.rest(until: end) }

    func begin(isWritable: Bool) throws(ServerFailure) {
        _ = try link.run(
            isWritable
                ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            .lasting(statementTime)
        )
    }

    /// Ends the transaction; what the server answers tells whether it was committed.
    func commit() throws(ServerFailure) {
        let answer = try link.run("COMMIT", .lasting(statementTime))
        guard answer.command == "COMMIT" else {
            throw ServerFailure(.refused, state: "25P02", "The server rolled the transaction back.")
        }
    }

    /// Ends the transaction without effect; a connection on which that fails is given up.
    func rollBack() {
        guard !link.isBroken, !link.isAtRest else { return }
        do throws(ServerFailure) {
            _ = try link.run("ROLLBACK", .lasting(statementTime))
        } catch {
            link.giveUp()
        }
    }

    /// Runs a statement of the schema, which has its time; the server's own limit ends with the transaction's end.
    func runSchema(_ text: String) throws(ServerFailure) {
        _ = try link.run("SET LOCAL statement_timeout = 0", .lasting(statementTime))
        _ = try link.run(text, Patience())
    }

    /// Runs a statement with its values; `hasLeft` says whether nobody waits for the answer any more.
    func execute(
        _ statement: Statement,
        _ values: [SQLValue],
        hasLeft: @escaping () -> Bool
    ) throws -> ServerAnswer {
        let patience = Patience(end: .now + statementTime, hasLeft: hasLeft)
        let prepared = try statements.find(statement.text) ?? prepare(statement, patience)
        let bound = try BoundValues(values, types: prepared.parameterTypes)
        do throws(ServerFailure) {
            return try link.execute(prepared.name, bound, patience)
        } catch {
            if error.state == ErrorTranslation.stalePlan { _ = statements.remove(statement.text) }
            throw error
        }
    }

    private func prepare(
        _ statement: Statement,
        _ patience: Patience
    ) throws(ServerFailure) -> PreparedStatements.Entry {
        let name = statements.nextName()
        let types = try link.prepare(name, statement.numbered, patience)
        if let old = statements.insert(statement.text, name: name, parameterTypes: types) {
            // The name is one of ours, so that no input can reach this text.
            _ = try link.run("DEALLOCATE \(old)", patience)
        }
        guard let entry = statements.find(statement.text) else {
            throw ServerFailure(.refused, "A statement was forgotten as it was prepared.")
        }
        return entry
    }
}
