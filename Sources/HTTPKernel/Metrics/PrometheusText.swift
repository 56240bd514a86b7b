/// Prometheus text exposition format 0.0.4.
package enum PrometheusText {
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// All families of the registry, sorted by name.
    package static func render(_ registry: MetricsRegistry) -> String {
        var text = ""
        for family in registry.snapshot().sorted(by: { $0.name < $1.name }) {
            text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind.rawValue)\n"
            for series in family.series {
                append(series, of: family.name, to: &text)
            }
        }
        return text
    }

    private static func append(_ series: MetricsRegistry.Series, of name: String, to text: inout String) {
        switch series.source {
        case .counter(let counter): text += "\(name)\(labels(series.labels)) \(counter.value)\n"
        case .gauge(let gauge): text += "\(name)\(labels(series.labels)) \(gauge.value)\n"
        case .reading(let read): text += "\(name)\(labels(series.labels)) \(read())\n"
        case .readingSeconds(let read):
            let (whole, attoseconds) = max(.zero, read()).components
            let microseconds = UInt64(whole) * 1_000_000 + UInt64(attoseconds) / 1_000_000_000_000
            text += "\(name)\(labels(series.labels)) \(seconds(microseconds))\n"
        case .histogram(let histogram): append(histogram, series.labels, of: name, to: &text)
        }
    }

    private static func append(_ histogram: Histogram, _ fixed: [MetricLabel], of name: String, to text: inout String) {
        let (counts, sum) = histogram.snapshot()
        var cumulated: UInt64 = 0
        for (index, count) in counts.enumerated() {
            cumulated += count
            let bound = index < histogram.bounds.count ? seconds(UInt64(histogram.bounds[index])) : "+Inf"
            text += "\(name)_bucket\(labels(fixed, bound: bound)) \(cumulated)\n"
        }
        text += "\(name)_sum\(labels(fixed)) \(seconds(sum))\n"
        text += "\(name)_count\(labels(fixed)) \(cumulated)\n"
    }

    private static func labels(_ labels: [MetricLabel], bound: String? = nil) -> String {
        var pairs = labels.map { "\($0.name)=\"\(escaped($0.value))\"" }
        if let bound { pairs.append("le=\"\(bound)\"") }
        return pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }

    /// Microseconds as decimal seconds without rounding.
    private static func seconds(_ microseconds: UInt64) -> String {
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        guard rest > 0 else { return "\(whole)" }
        let digits = String(rest)
        var fraction = String(repeating: "0", count: 6 - digits.count) + digits
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(whole).\(fraction)"
    }
}
