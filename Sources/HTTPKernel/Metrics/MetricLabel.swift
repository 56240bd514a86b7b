/// A label of a series.
///
/// The set is closed, and values come from code or from the route table, never from a request: a label that a caller
/// can fill makes the number of series unbounded.
package enum MetricLabel: Hashable, Sendable {
    case route(String)
    case method(String)
    case status(String)
    case reason(String)
    case kind(String)
    case state(String)

    var name: String {
        switch self {
        case .route: "route"
        case .method: "method"
        case .status: "status"
        case .reason: "reason"
        case .kind: "kind"
        case .state: "state"
        }
    }

    var value: String {
        switch self {
        case .route(let value), .method(let value), .status(let value), .reason(let value), .kind(let value),
            .state(let value):
            value
        }
    }
}
