import ArgumentParser
import ClavigerWire

/// The fields of a token that can be set on the command line.
struct TokenFields: ParsableArguments {
    @Option(help: "What the token may do, such as agents:read; may be repeated.")
    var scope: [String] = []

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: "Tag; may be repeated.")
    var tag: [String] = []

    @Option(help: "Address or range from where it may be used, such as 192.0.2.0/24; may be repeated.")
    var address: [String] = []

    @Option(help: "Service or integration it serves.")
    var serves: String?

    @OptionGroup var limits: LimitOptions
}

/// When a new token ends.
struct TokenEndOptions: ParsableArguments {
    static let missing = "Say when it ends: --days, --expires-at or --never-expires."

    @Option(help: "Its life in days: 7, 30, 90 or 365.")
    var days: Int?

    @Option(help: "When it ends, in RFC 3339.")
    var expiresAt: String?

    @Flag(help: "It never ends, if the organization's policy allows it.")
    var neverExpires = false

    var isGiven: Bool { days != nil || expiresAt != nil || neverExpires }

    mutating func validate() throws {
        let ends = [days != nil, expiresAt != nil, neverExpires].filter { $0 }.count
        guard ends <= 1 else { throw ValidationError("Give one of --days, --expires-at and --never-expires.") }
    }
}

/// A field of a token that can be emptied, as it is written on the command line.
enum TokenField: String, ExpressibleByArgument, CaseIterable {
    case description
    case tags
    case addresses
    case serves
    case limits

    /// Whether the command line gives it a value.
    func isSet(in fields: TokenFields) -> Bool {
        switch self {
        case .description: fields.description != nil
        case .tags: !fields.tag.isEmpty
        case .addresses: !fields.address.isEmpty
        case .serves: fields.serves != nil
        case .limits: fields.limits.isGiven
        }
    }

    func clear(_ request: inout UpdateTokenRequest) {
        switch self {
        case .description: request.description = .null
        case .tags: request.tags = .null
        case .addresses: request.addresses = .null
        case .serves: request.serves = .null
        case .limits: request.limits = .null
        }
    }
}
