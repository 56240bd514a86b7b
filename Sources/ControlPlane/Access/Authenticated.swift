/// Who was let in, and the token they showed, so that nobody has to look it up again.
///
/// A reference on purpose: Swift 6.3, when it optimises, gives an asynchronous closure that returns so large a value a
/// frame that is too short.
package final class Authenticated: Sendable {
    package let caller: Caller
    /// The personal or service token; absent for a session.
    package let token: IndexedToken?

    init(_ caller: Caller, token: IndexedToken? = nil) {
        self.caller = caller
        self.token = token
    }
}
