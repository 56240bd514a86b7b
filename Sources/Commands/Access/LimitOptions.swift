import ArgumentParser
import ClavigerWire

/// The limits of a plan: a number each, or none to lift it.
struct LimitOptions: ParsableArguments {
    @Option(help: "Calls in any second, or none.")
    var burst: String?

    @Option(help: "Calls in any minute, or none.")
    var perMinute: String?

    @Option(help: "Calls in any hour, or none.")
    var perHour: String?

    @Option(help: "Calls in any day, or none.")
    var perDay: String?

    @Option(help: "Calls in a calendar month (UTC), or none.")
    var monthlyQuota: String?

    /// A new plan's figure.
    func figure(_ text: String?) throws(CommandFailure) -> Int? {
        guard let text, text != "none" else { return nil }
        guard let number = Int(text) else {
            throw CommandFailure(.invalidInput, "\(text) is no whole number, nor none.")
        }
        return number
    }

    /// A changed plan's figure.
    func field(_ text: String?) throws(CommandFailure) -> PatchField<Int> {
        guard text != nil else { return .absent }
        guard let number = try figure(text) else { return .null }
        return .value(number)
    }
}
