import ArgumentParser

/// How a result is written to standard output.
package enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table
    case json
}
