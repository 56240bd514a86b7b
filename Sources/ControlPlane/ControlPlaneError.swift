package import Domain
internal import SQLDatabase
package import StrictJSON

/// Why a use case didn't do what was asked.
///
/// Equal when the code is.
///
/// One word wide on purpose: Swift 6.3, when it optimises, gives an asynchronous closure that throws a wider error by its
/// type a frame that is too short.
package struct ControlPlaneError: Error, Sendable {
    private final class Content: Sendable {
        let code: Code
        let message: String
        let fields: [FieldFault]
        let details: [String: JSONValue]
        let cause: (any Error)?

        init(
            _ code: Code,
            _ message: String,
            _ fields: [FieldFault],
            _ details: [String: JSONValue],
            _ cause: (any Error)?
        ) {
            self.code = code
            self.message = message
            self.fields = fields
            self.details = details
            self.cause = cause
        }
    }

    private let content: Content

    package var code: Code { content.code }
    /// A sentence for the caller; never a secret.
    package var message: String { content.message }
    /// The faults of single fields, with ``Code/invalidFields``.
    package var fields: [FieldFault] { content.fields }
    /// What a program wants to know besides the code: `current_state`, `rotation_id`, `until`, `retry_after_seconds`.
    package var details: [String: JSONValue] { content.details }
    /// What lies behind, for the log and not for the caller.
    package var cause: (any Error)? { content.cause }

    package init(
        _ code: Code,
        _ message: String,
        fields: [FieldFault] = [],
        details: [String: JSONValue] = [:],
        cause: (any Error)? = nil
    ) {
        content = Content(code, message, fields, details, cause)
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
