/// The instruments of connections, before any request is understood.
package struct ConnectionMetrics: Sendable {
    let open: Gauge
    let headTimeouts: Counter
    let bodyTimeouts: Counter
    let malformed: Counter

    package init(_ registry: MetricsRegistry) {
        open = registry.gauge("claviger_http_connections", "Open connections that speak HTTP.")
        let name = "claviger_http_connections_refused_total"
        let help = "Connections ended by the server's own limits."
        headTimeouts = registry.counter(name, help, .reason("head_timeout"))
        bodyTimeouts = registry.counter(name, help, .reason("body_timeout"))
        malformed = registry.counter(name, help, .reason("malformed"))
    }
}
