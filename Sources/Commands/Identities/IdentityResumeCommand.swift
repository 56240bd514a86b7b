import ArgumentParser
import ClavigerWire

/// The command `claviger identity resume`.
struct IdentityResumeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a paused machine identity work again."
    )

    @OptionGroup var subject: IdentityArgument
    @OptionGroup var change: IdentityChangeOptions
    @OptionGroup var place: IdentityPlaceOptions

    mutating func run(_ console: Console) async throws {
        try await place.change(subject.identity, .resume, change.request, console)
    }
}
