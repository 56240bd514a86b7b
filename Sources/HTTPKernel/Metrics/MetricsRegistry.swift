import Synchronization

/// All metrics of a server.
///
/// Instruments are made at start and counted without it; only rendering takes the lock.
package final class MetricsRegistry: Sendable {
    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    enum Source: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case reading(@Sendable () -> Int64)
        case readingSeconds(@Sendable () -> Duration)
        case histogram(Histogram)
    }

    struct Series: Sendable {
        let labels: [MetricLabel]
        let source: Source
    }

    struct Family: Sendable {
        let name: String
        let help: String
        let kind: Kind
        var series: [Series]
    }

    private let families = Mutex<[Family]>([])

    package init() {}

    /// The counter of this name and labels; asking again answers the same one.
    package func counter(_ name: String, _ help: String, _ labels: MetricLabel...) -> Counter {
        let source = register(name, help, .counter, labels) { .counter(Counter()) }
        if case .counter(let counter) = source { return counter }
        return Counter()
    }

    /// The gauge of this name and labels.
    package func gauge(_ name: String, _ help: String, _ labels: MetricLabel...) -> Gauge {
        let source = register(name, help, .gauge, labels) { .gauge(Gauge()) }
        if case .gauge(let gauge) = source { return gauge }
        return Gauge()
    }

    /// A gauge or counter whose value is read when it is asked for.
    package func reading(
        _ name: String,
        _ help: String,
        kind: Kind = .gauge,
        _ labels: MetricLabel...,
        read: @escaping @Sendable () -> Int64
    ) {
        _ = register(name, help, kind, labels) { .reading(read) }
    }

    /// A gauge in seconds whose value is read when it is asked for.
    package func readingSeconds(
        _ name: String,
        _ help: String,
        _ labels: MetricLabel...,
        read: @escaping @Sendable () -> Duration
    ) {
        _ = register(name, help, .gauge, labels) { .readingSeconds(read) }
    }

    /// The histogram of this name and labels; durations in seconds.
    package func histogram(_ name: String, _ help: String, _ labels: MetricLabel...) -> Histogram {
        let source = register(name, help, .histogram, labels) { .histogram(Histogram()) }
        if case .histogram(let histogram) = source { return histogram }
        return Histogram()
    }

    /// Name and kind of every family, sorted: the list that the golden file keeps.
    package var catalog: [String] {
        snapshot().map { "\($0.kind.rawValue) \($0.name)" }.sorted()
    }

    func snapshot() -> [Family] {
        families.withLock { $0 }
    }

    private func register(
        _ name: String,
        _ help: String,
        _ kind: Kind,
        _ labels: [MetricLabel],
        _ make: () -> Source
    ) -> Source {
        families.withLock { families in
            guard let index = families.firstIndex(where: { $0.name == name }) else {
                let source = make()
                families.append(
                    Family(name: name, help: help, kind: kind, series: [Series(labels: labels, source: source)])
                )
                return source
            }
            if let known = families[index].series.first(where: { $0.labels == labels }) { return known.source }
            let source = make()
            families[index].series.append(Series(labels: labels, source: source))
            return source
        }
    }
}
