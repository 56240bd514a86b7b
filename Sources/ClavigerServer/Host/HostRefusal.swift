package import ClavigerWire

/// A use case's refusal of a command on the host, as a server would tell it.
package struct HostRefusal: Error, Sendable {
    package let problem: ProblemDetails
}
