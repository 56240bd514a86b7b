package import Domain
internal import SQLDatabase
package import StrictJSON

/// Why a use case didn't do what was asked.
///
/// Equal when the code is.
package struct ControlPlaneError: Error, Sendable {
    package let code: Code
    /// A sentence for the caller; never a secret.
    package let message: String
    /// The faults of single fields, with ``Code/invalidFields``.
    package let fields: [FieldFault]
    /// What a program wants to know besides the code: `current_state`, `rotation_id`, `until`, `retry_after_seconds`.
    package let details: [String: JSONValue]
    /// What lies behind, for the log and not for the caller.
    package let cause: (any Error)?

    package init(
        _ code: Code,
        _ message: String,
        fields: [FieldFault] = [],
        details: [String: JSONValue] = [:],
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.fields = fields
        self.details = details
        self.cause = cause
    }

    /// Passes one of these on and turns what the database says into `Unavailable` or `Overloaded`.
    package init(_ error: any Error) {
        switch error {
        case let error as ControlPlaneError:
            self = error
        case let error as DatabaseError where error.code == .overloaded || error.code == .timeout:
            self.init(.overloaded, "The server has too much to do; try again.", cause: error)
        case let error as DatabaseError where error.code == .invalidValue:
            self.init(.invalidFields, "A text holds U+0000, which can't be stored.", cause: error)
        default:
            self.init(.unavailable, "The server can't do this now; try again.", cause: error)
        }
    }

    /// The fields of a request that can't be accepted.
    package static func invalid(_ fields: [FieldFault]) -> ControlPlaneError {
        ControlPlaneError(.invalidFields, "Some fields can't be accepted.", fields: fields)
    }

    /// The answer for what doesn't exist and for what belongs to somebody else alike.
    package static func notFound(_ kind: String) -> ControlPlaneError {
        ControlPlaneError(.notFound, "There is no such \(kind).")
    }
}

extension ControlPlaneError: Equatable {
    package static func == (left: ControlPlaneError, right: ControlPlaneError) -> Bool { left.code == right.code }
}

extension ControlPlaneError: CustomStringConvertible {
    package var description: String { "\(code.rawValue): \(message)" }
}
