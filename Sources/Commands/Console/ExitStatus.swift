/// How a command ends.
///
/// The numbers are fixed: scripts rely on them (CLI-1).
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done.
    case done = 0
    /// Something failed that has no number of its own.
    case failed = 1
    /// The command line was not understood, or a confirmation is missing.
    case usage = 2
    /// Nobody is signed in, or the session has ended.
    case notSignedIn = 3
    /// The caller lacks the permission.
    case denied = 4
    /// There is no such object.
    case notFound = 5
    /// The object's state does not allow it.
    case conflict = 6
    /// A value is not acceptable.
    case invalidInput = 7
    /// The server can't be reached or can't answer now.
    case unavailable = 8
    /// The server did as asked, but the agent reported a failure.
    case agentFailed = 9
    /// The configuration or the data directory does not allow a start.
    case badConfiguration = 10

    /// One line for the help.
    package var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed for another reason"
        case .usage: "command line not understood, or confirmation missing"
        case .notSignedIn: "not signed in, or the session has ended"
        case .denied: "permission missing"
        case .notFound: "no such object"
        case .conflict: "the object's state does not allow it"
        case .invalidInput: "a value is not acceptable"
        case .unavailable: "the server can't be reached or can't answer now"
        case .agentFailed: "the agent reported a failure"
        case .badConfiguration: "the configuration or data directory does not allow a start"
        }
    }

    /// The table at the end of `claviger --help`.
    package static var help: String {
        "EXIT CODES:\n" + allCases.map { "  \($0.rawValue)\t\($0.meaning)" }.joined(separator: "\n")
    }
}
