import PostgresDriver
import SQLDatabase
import Testing

@Suite("DST-1: what PostgreSQL says, in the words of both engines")
struct ErrorTests {
    @Test(
        "each SQLSTATE has its code",
        arguments: [
            ("23505", DatabaseError.Code.uniqueViolation), ("23503", .foreignKeyViolation), ("23514", .checkViolation),
            ("23502", .notNullViolation), ("23001", .refusedByTrigger), ("22P02", .invalidValue),
            ("22003", .invalidValue), ("42804", .invalidValue), ("40001", .deadlock), ("40P01", .deadlock),
            ("57014", .timeout), ("25P03", .timeout), ("53100", .diskFull), ("25006", .readOnly),
            ("57P01", .connectionLost), ("57P02", .connectionLost), ("57P03", .connectionLost),
            ("08006", .connectionLost), ("53300", .connectionLost), ("28P01", .connectionLost),
            ("3D000", .connectionLost), ("25P02", .transactionAborted), ("42P01", .statement), ("42601", .statement),
            ("42501", .statement), ("XX001", .corrupt), ("XX002", .corrupt), ("P0001", .engine), ("54000", .engine),
            ("57000", .engine), ("99999", .engine),
        ]
    )
    func codes(state: String, code: DatabaseError.Code) {
        #expect(ErrorTranslation.translate(ServerFailure(.refused, state: state, "words")).code == code)
    }

    @Test("without a SQLSTATE the kind of the failure tells")
    func kinds() {
        #expect(ErrorTranslation.translate(ServerFailure(.lost, "gone")).code == .connectionLost)
        #expect(ErrorTranslation.translate(ServerFailure(.late, "late")).code == .timeout)
        #expect(ErrorTranslation.translate(ServerFailure(.refused, "what")).code == .engine)
    }

    @Test("a sentence about a value is ours, because the server's may quote it; the SQLSTATE is kept")
    func values() {
        let failure = ServerFailure(.refused, state: "22P02", #"invalid input syntax for type bigint: "marker-7""#)
        let error = ErrorTranslation.translate(failure)
        #expect(!error.message.contains("marker-7"))
        #expect((error.cause as? ServerFailure)?.state == "22P02")
    }

    @Test("slots exhausted: the sentence names what to change")
    func slots() {
        let error = ErrorTranslation.translate(ServerFailure(.refused, state: "53300", "too many clients already"))
        #expect(error.message.contains("max_connections"))
        #expect(error.message.contains("too many clients already"))
    }

    @Test("why libpq could not connect is read from its message, without details")
    func refusals() {
        let refused = ConnectRefusal.failure(
            in: """
                connection to server at "127.0.0.1", port 5432 failed: FATAL:  53300: too many connections for role "x"
                DETAIL:  marker
                LOCATION:  InitializeSessionUserId, miscinit.c:773

                """
        )
        #expect(refused.state == "53300")
        #expect(refused.message == #"too many connections for role "x""#)
        let away = ConnectRefusal.failure(
            in: """
                connection to server at "h", port 1 failed: Connection refused
                \tIs the server running on that host and accepting TCP/IP connections?

                """
        )
        #expect(away.kind == .lost)
        #expect(away.state.isEmpty)
        #expect(away.message == #"connection to server at "h", port 1 failed: Connection refused"#)
        for odd in ["", "\n", ":  53300: ", "a:  5330: b", ":  533000: x"] {
            #expect(ConnectRefusal.failure(in: odd).message.utf8.count < 60)
        }
    }
}
