package import HTTPTypes

/// What every answer carries: nothing of it may be stored, sniffed, framed, or told to other sites.
package enum StandardHeaders {
    private static let all = [
        HTTPField(name: .cacheControl, value: "no-store"),
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        HTTPField(name: .referrerPolicy, value: "no-referrer"),
        HTTPField(name: .xFrameOptions, value: "DENY"),
        HTTPField(name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'"),
    ]

    /// Adds each that isn't there; an answer with another policy of its own keeps that.
    package static func add(to fields: inout HTTPFields) {
        for field in all where !fields.contains(field.name) { fields.append(field) }
    }
}
