package import Domain
package import HTTPTypes
package import Hummingbird

/// One operation of an edge: method, canonical template, who may knock, and what answers.
package struct Route: Sendable {
    /// Who is let through to the handler, checked by the kernel before it runs.
    package enum Access: Sendable {
        /// Anybody; the handler gets no caller.
        case open(@Sendable (Request, OpenContext) async throws -> Response)
        /// Whoever sends a bearer credential; the handler's use case checks it (enrolment).
        case bearer(@Sendable (Request, OpenContext, BearerCredential) async throws -> Response)
        /// A person who signed in, about themselves.
        case signedIn(@Sendable (Request, AuthenticatedContext) async throws -> Response)
        /// A person who signed in, or a program with a token, who may do this; the use case checks it.
        case authenticated(ScopeAction, @Sendable (Request, AuthenticatedContext) async throws -> Response)
        /// Answered in front of the table, by what checks the credential itself (``EdgeResponder/Hot``): whoever may do
        /// this, or anybody. Such a route stands in lists and is given in `endpoint:` scopes, and never in a table.
        case inFront(ScopeAction?)

        /// The word for it in the golden list.
        package var name: String {
            switch self {
            case .open: "open"
            case .bearer: "bearer"
            case .signedIn: "signed-in"
            case .authenticated(let action, _): "authenticated \(action.text)"
            case .inFront(let action): action.map { "in-front \($0.text)" } ?? "in-front"
            }
        }
    }

    package let method: HTTPRequest.Method
    /// `/api/v1/agents/{id}`: stands for every mount of the route in limits, metrics and lists.
    package let template: String
    /// Other templates under which the same route answers; their placeholders have the same names.
    package let aliases: [String]
    package let access: Access

    package init(_ method: HTTPRequest.Method, _ template: String, aliases: [String] = [], _ access: Access) {
        self.method = method
        self.template = template
        self.aliases = aliases
        self.access = access
    }

    /// What the route does, for `endpoint:` scopes; absent where tokens of programs have no business.
    package var action: ScopeAction? {
        switch access {
        case .authenticated(let action, _): action
        case .inFront(let action): action
        case .open, .bearer, .signedIn: nil
        }
    }

    /// How `endpoint:` scopes name it.
    package var scopeRoute: ScopeRoute? { ScopeRoute(method: method.rawValue, template: template) }
}

extension Sequence<Route> {
    /// What each route does, by the name that `endpoint:` scopes have for it.
    package var scopeActions: [ScopeRoute: ScopeAction] {
        reduce(into: [:]) { actions, route in
            if let name = route.scopeRoute, let action = route.action { actions[name] = action }
        }
    }
}
