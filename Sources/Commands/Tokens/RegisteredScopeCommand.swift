import ArgumentParser
import ClavigerWire

/// The command `claviger scope …`.
struct RegisteredScopeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scope",
        abstract: "Register scopes of your own API, such as invoices:read.",
        subcommands: [
            RegisteredScopeCreateCommand.self, RegisteredScopeListCommand.self, RegisteredScopeUpdateCommand.self,
            RegisteredScopeDeleteCommand.self,
        ]
    )
}

/// How registered scopes look.
enum RegisteredScopeReport {
    static func list(_ scopes: [RegisteredScopeResponse]) throws -> Report {
        let rows = scopes.map { scope in
            [
                Cell(scope.name), Cell(scope.isSensitive ? "yes" : "no", scope.isSensitive ? .warning : .plain),
                Cell(scope.isAdminOnly ? "yes" : "no"), Cell(scope.description, .faint),
            ]
        }
        return try Report(Table(["name", "sensitive", "admin only", "description"], rows), list: scopes)
    }

    static func one(_ scope: RegisteredScopeResponse) throws -> Report {
        let table = Table(details: [
            ("name", Cell(scope.name)), ("description", Cell(scope.description)),
            ("sensitive", Cell(scope.isSensitive ? "yes" : "no")),
            ("admin only", Cell(scope.isAdminOnly ? "yes" : "no")),
        ])
        return try Report(table, json: scope)
    }
}
