/// Why a command ended without success: the only error a command throws to the program.
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
    package let status: ExitStatus

    /// A sentence for standard error.
    package let message: String

    /// Further lines, such as one for each field that was refused.
    package let details: [String]

    package init(_ status: ExitStatus, _ message: String, details: [String] = []) {
        self.status = status
        self.message = message
        self.details = details
    }

    package var description: String { ([message] + details.map { "  " + $0 }).joined(separator: "\n") }
}
