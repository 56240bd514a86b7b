import ArgumentParser
import ClavigerWire

/// The command `claviger identity rotate`.
struct IdentityRotateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give a service account's token a new text and show it once, or rotate an agent's token."
    )

    @OptionGroup var subject: IdentityArgument

    @Option(help: "Which token of the service account (crd_…), if it has several.")
    var tokenId: String?

    @Option(help: "Seconds that the old text of a service token works on, 0 to 604800; a day without it.")
    var grace: Int64?

    @OptionGroup var change: IdentityChangeOptions
    @OptionGroup var place: IdentityPlaceOptions

    mutating func run(_ console: Console) async throws {
        var order = change.request
        (order.token, order.gracePeriodSeconds) = (tokenId, grace)
        try await place.change(subject.identity, .rotate, order, console)
    }
}

extension IdentityPlaceOptions {
    /// Does something to the identity of a name, and shows what came of it.
    func change(
        _ name: String,
        _ action: IdentityAction,
        _ order: IdentityActionRequest,
        _ console: Console
    ) async throws {
        let output = options.output
        try await use(console) { identities in
            let id = try await identities.id(name)
            try IdentityReport.show(try await identities.change(id, action, order), console, output)
        }
    }
}
