package import HTTPTypes

/// What every answer carries: nothing of it may be stored, sniffed, framed, or told to other sites.
package enum StandardHeaders {
    package static func add(to fields: inout HTTPFields) {
        if !fields.contains(.cacheControl) { fields[.cacheControl] = "no-store" }
        fields[.xContentTypeOptions] = "nosniff"
        fields[.referrerPolicy] = "no-referrer"
        fields[.xFrameOptions] = "DENY"
        if !fields.contains(.contentSecurityPolicy) {
            fields[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
    }
}
