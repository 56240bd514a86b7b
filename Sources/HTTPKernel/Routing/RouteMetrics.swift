package import HTTPTypes

/// The instruments of one route: a counter per status class and a histogram of durations.
package struct RouteMetrics: Sendable {
    private let classes: [Counter]
    private let duration: Histogram

    init(_ route: Route, _ registry: MetricsRegistry) {
        self.init(method: route.method.rawValue, route: route.template, registry)
    }

    /// `route` is a template or a fixed word for requests that have none.
    package init(method: String, route: String, _ registry: MetricsRegistry) {
        classes = ["1xx", "2xx", "3xx", "4xx", "5xx"].map { status in
            registry.counter(
                "claviger_http_requests_total",
                "Requests answered, by route and class of status.",
                .method(method),
                .route(route),
                .status(status)
            )
        }
        duration = registry.histogram(
            "claviger_http_request_seconds",
            "Time from the request's head to its answer's head.",
            .method(method),
            .route(route)
        )
    }

    package func record(_ status: HTTPResponse.Status, _ elapsed: Duration) {
        classes[min(max(status.code / 100, 1), 5) - 1].increment()
        duration.observe(elapsed)
    }
}
