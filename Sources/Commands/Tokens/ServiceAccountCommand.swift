import ArgumentParser
import ClavigerWire

/// The command `claviger service-account …`.
struct ServiceAccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-account",
        abstract: "Create, watch, pause and delete accounts of programs.",
        discussion:
            "An account is named by its id or its name. `claviger token create --service-account` makes its tokens.",
        subcommands: [
            ServiceAccountCreateCommand.self, ServiceAccountListCommand.self, ServiceAccountInspectCommand.self,
            ServiceAccountUpdateCommand.self, ServiceAccountPauseCommand.self, ServiceAccountResumeCommand.self,
            ServiceAccountDeleteCommand.self,
        ]
    )
}

/// The service account a command is about.
struct ServiceAccountArgument: ParsableArguments {
    @Argument(help: "Id (sva_…) or name of the service account.")
    var account: String
}

/// A role in a workspace as it is written on the command line.
enum WorkspaceRoleOption: String, ExpressibleByArgument, CaseIterable {
    case manager
    case developer
    case viewer
}

/// How service accounts look.
enum ServiceAccountReport {
    static func list(_ accounts: [ServiceAccountResponse]) throws -> Report {
        let rows = accounts.map { account in
            [
                Cell(account.name), Cell(account.customRole?.name ?? account.role), status(account),
                Cell("\(account.tokens)"), Cell(account.createdAt), Cell(account.id, .faint),
            ]
        }
        return try Report(Table(["name", "role", "status", "tokens", "created", "id"], rows), list: accounts)
    }

    static func one(_ account: ServiceAccountResponse) throws -> Report {
        let table = Table(details: [
            ("id", Cell(account.id)), ("name", Cell(account.name)), ("description", Cell(account.description)),
            ("role", Cell(account.role)), ("custom role", Cell(account.customRole?.name)),
            ("status", status(account)), ("tokens", Cell("\(account.tokens)")), ("created", Cell(account.createdAt)),
            ("created by", Cell(account.createdBy.name ?? account.createdBy.id)),
        ])
        return try Report(table, json: account)
    }

    private static func status(_ account: ServiceAccountResponse) -> Cell {
        Cell(account.status, account.status == "active" ? .good : .warning)
    }
}
