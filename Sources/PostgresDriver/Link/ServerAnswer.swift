import CLibpq

/// One answer of the server, owned: its memory is given back with it.
struct ServerAnswer: ~Copyable {
    private let result: OpaquePointer

    /// Takes over what `PQgetResult` answered.
    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit { PQclear(result) }

    /// The server's refusal, if this is one.
    var failure: ServerFailure? {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_PIPELINE_SYNC, PGRES_EMPTY_QUERY: return nil
        case PGRES_PIPELINE_ABORTED: return ServerFailure(.refused, state: "25P02", "A statement before it failed.")
        default: break
        }
        let state = field("C")
        let message = field("M")
        guard let state else { return ServerFailure(.lost, message ?? "The connection to the server was lost.") }
        // Class 22 is about a value, which the server's sentence may quote.
        let shown = state.hasPrefix("22") ? "A value does not fit." : message ?? "The server refused a statement."
        return ServerFailure(.refused, state: state, shown)
    }

    var isPipelineSync: Bool { PQresultStatus(result) == PGRES_PIPELINE_SYNC }

    /// The word that the server says when it is done: `SELECT`, `COMMIT`, `INSERT`.
    var command: String {
        let words = PQcmdStatus(result).map { String(cString: $0) } ?? ""
        return String(words.prefix { $0 != " " })
    }

    /// How many rows were changed; those of a SELECT are not.
    var changedRows: Int {
        guard command != "SELECT", let text = PQcmdTuples(result) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    var rowCount: Int32 { PQntuples(result) }

    var columnCount: Int32 { PQnfields(result) }

    /// The type of a column of the answer.
    func columnType(_ column: Int32) -> UInt32 { PQftype(result, column) }

    /// The types of the parameters, when a statement was described.
    var parameterTypes: [UInt32] { (0..<PQnparams(result)).map { PQparamtype(result, $0) } }

    /// A value in the server's text form, or nothing for NULL; valid inside the body.
    func withValue<T>(
        row: Int32,
        column: Int32,
        _ body: (UnsafeRawBufferPointer?) throws(ServerFailure) -> T
    ) throws(ServerFailure) -> T {
        guard PQgetisnull(result, row, column) == 0 else { return try body(nil) }
        return try body(
            UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        )
    }

    /// A part of a refusal, by the protocol's letter: `C` is the SQLSTATE, `M` the first sentence.
    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }
}
