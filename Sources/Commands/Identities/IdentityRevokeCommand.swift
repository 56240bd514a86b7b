import ArgumentParser
import ClavigerWire

/// The command `claviger identity revoke`.
struct IdentityRevokeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Kill every token of a machine identity for ever; a service account goes with them."
    )

    @OptionGroup var subject: IdentityArgument
    @OptionGroup var change: IdentityChangeOptions
    @OptionGroup var place: IdentityPlaceOptions

    mutating func run(_ console: Console) async throws {
        try await place.change(subject.identity, .revoke, change.request, console)
    }
}
