/// The stored state of an agent's identity, and the legal moves from each.
///
/// - ``pending``: never proven. → ``active`` by the first use of an agent token on the channel; → ``revoked`` by revoke.
/// - ``active``: at work. → ``paused`` by pause; → ``revoked`` by revoke; → ``pending`` by reset.
/// - ``paused``: put aside by a person. → ``active`` by resume; → ``revoked`` by revoke; → ``pending`` by reset.
/// - ``revoked``: all its credentials are dead. → ``pending`` by reset, with new credentials.
///
/// Deleting is possible in every state and final: no event moves a deleted identity.
package enum IdentityState: String, CaseIterable, Sendable {
    case pending, active, paused, revoked
}
