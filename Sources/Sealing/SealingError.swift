/// Why something could not be sealed, opened, or read as a master key.
///
/// The message is a sentence for the operator and holds no secret.
package struct SealingError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no master key where it was looked for.
        case missingMasterKey
        /// What was found there is not a master key.
        case malformedMasterKey
        /// Others than its owner can read the master key's file.
        case exposedMasterKey
        /// The file or the command failed.
        case unreadableMasterKey
        /// The command took too long.
        case masterKeyTimeLimit
        /// Another process changes the master key at this moment.
        case masterKeyInUse
        /// The database was sealed with another master key.
        case wrongMasterKey
        /// A sealed value or wrapped key was changed, cut off, or moved from its place.
        case notAuthentic
        /// A value was sealed with a data key that isn't there.
        case unknownDataKey
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package static func == (left: SealingError, right: SealingError) -> Bool { left.code == right.code }

    package var description: String { message }
}
