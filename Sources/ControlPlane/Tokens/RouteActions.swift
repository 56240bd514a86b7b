package import Domain
internal import Synchronization

/// What each route of this server does, for `endpoint:` scopes.
///
/// The edges know it once they are put together, which is after the use cases they call; until then no such scope can be
/// given.
package final class RouteActions: Sendable {
    private let actions = Mutex<[ScopeRoute: ScopeAction]>([:])

    package init() {}

    package func fill(_ actions: [ScopeRoute: ScopeAction]) {
        self.actions.withLock { $0 = actions }
    }

    var all: [ScopeRoute: ScopeAction] { actions.withLock { $0 } }
}
