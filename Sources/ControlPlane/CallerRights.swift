package import Domain

/// What a caller may do at this moment.
package enum CallerRights: Sendable {
    /// Somebody by themselves: a person who signed in, a job, a command on the host.
    case holder(PermissionSet)
    /// A program with a personal or service token; the route it knocks at counts for `endpoint:` scopes.
    ///
    /// Kept apart, so that a caller stays small: it is handed on many times, and Swift 6.3 was seen to give an optimised
    /// asynchronous closure that returned so large a value a frame some bytes too short.
    indirect case token(TokenAccess, route: ScopeRoute?)
}
