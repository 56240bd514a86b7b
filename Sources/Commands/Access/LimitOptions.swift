import ArgumentParser
import ClavigerWire

/// The limits of a plan, a number each, or none to lift it; or those of a token's own, or none for its plan's.
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

    /// Whether one is named.
    var isGiven: Bool { [burst, perMinute, perHour, perDay, monthlyQuota].contains { $0 != nil } }

    /// A token's own limits, those that aren't named as they were before.
    func own(over before: TokenLimits? = nil) throws(CommandFailure) -> TokenLimits {
        TokenLimits(
            burst: try burst == nil ? before?.burst : figure(burst),
            perMinute: try perMinute == nil ? before?.perMinute : figure(perMinute),
            perHour: try perHour == nil ? before?.perHour : figure(perHour),
            perDay: try perDay == nil ? before?.perDay : figure(perDay),
            monthlyQuota: try monthlyQuota == nil ? before?.monthlyQuota : figure(monthlyQuota)
        )
    }

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
