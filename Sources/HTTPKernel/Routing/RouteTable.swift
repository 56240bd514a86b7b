import Domain
package import HTTPTypes

/// All routes of a server, found by path.
///
/// Built once; a literal segment wins over a placeholder.
package struct RouteTable: Sendable {
    package enum Match: Sendable {
        case found(RouteEntry, PathParameters)
        case wrongMethod(allowed: [HTTPRequest.Method])
        case none
    }

    private struct Node: Sendable {
        var literals: [Substring: Int] = [:]
        var placeholder: (name: String, node: Int)?
        var entries: [HTTPRequest.Method: RouteEntry] = [:]
    }

    private var nodes: [Node] = [Node()]
    /// Every route, in the order given.
    package private(set) var routes: [Route] = []

    package init(_ routes: [Route], metrics: MetricsRegistry) {
        for route in routes {
            self.routes.append(route)
            let entry = RouteEntry(route: route, metrics: RouteMetrics(route, metrics))
            for template in [route.template] + route.aliases {
                insert(entry, at: template)
            }
        }
    }

    private mutating func insert(_ entry: RouteEntry, at template: String) {
        var index = 0
        for segment in template.split(separator: "/") {
            index = child(of: index, for: segment)
        }
        precondition(nodes[index].entries[entry.route.method] == nil, "\(template) stands twice in the route table")
        nodes[index].entries[entry.route.method] = entry
    }

    private mutating func child(of index: Int, for segment: Substring) -> Int {
        let next = nodes.count
        if segment.first == "{", segment.last == "}" {
            if let known = nodes[index].placeholder { return known.node }
            nodes[index].placeholder = (String(segment.dropFirst().dropLast()), next)
        } else {
            if let known = nodes[index].literals[segment] { return known }
            nodes[index].literals[segment] = next
        }
        nodes.append(Node())
        return next
    }

    /// Finds the route of a path (without query).
    ///
    /// A trailing or doubled slash is another address.
    package func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        guard path.first == "/" else { return .none }
        var parameters = PathParameters()
        var index = 0
        if path != "/" {
            for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                if let next = nodes[index].literals[segment] {
                    index = next
                } else if let (name, next) = nodes[index].placeholder, let value = PercentCoding.decoded(segment),
                    !value.isEmpty
                {
                    parameters.append(name, value)
                    index = next
                } else {
                    return .none
                }
            }
        }
        let entries = nodes[index].entries
        guard !entries.isEmpty else { return .none }
        if let entry = entries[method] ?? (method == .head ? entries[.get] : nil) { return .found(entry, parameters) }
        let allowed = Array(entries.keys) + (entries[.get] != nil && entries[.head] == nil ? [.head] : [])
        return .wrongMethod(allowed: allowed)
    }
}

/// A route with its instruments.
package struct RouteEntry: Sendable {
    package let route: Route
    let metrics: RouteMetrics
    let scopeRoute: ScopeRoute?

    init(route: Route, metrics: RouteMetrics) {
        self.route = route
        self.metrics = metrics
        scopeRoute = route.scopeRoute
    }
}
