import ArgumentParser
import ClavigerWire

/// The command `claviger identity pause`.
struct IdentityPauseCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Refuse a machine identity, with all its tokens, until it is resumed."
    )

    @OptionGroup var subject: IdentityArgument
    @OptionGroup var change: IdentityChangeOptions
    @OptionGroup var place: IdentityPlaceOptions

    mutating func run(_ console: Console) async throws {
        try await place.change(subject.identity, .pause, change.request, console)
    }
}
