import Foundation
import Testing

/// The engine under the servers of a test run; `CLAVIGER_TEST_ENGINE=postgres` takes the second one.
enum Engine: String, Sendable {
    case sqlite, postgres

    static let current = ProcessInfo.processInfo.environment["CLAVIGER_TEST_ENGINE"].flatMap(Engine.init) ?? .sqlite

    /// A database of its own for one server; the embedded engine makes its file itself.
    func database(on bench: Workbench) async throws -> TestDatabase? {
        switch self {
        case .sqlite: nil
        case .postgres: try await TestDatabase.make(on: bench)
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// For what needs a database that several nodes can share.
    static var onPostgresOnly: Self { .enabled(if: Engine.current == .postgres, "Several nodes share a PostgreSQL.") }
}
