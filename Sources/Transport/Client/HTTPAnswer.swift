package import NIOHTTP1

/// One request of the small client.
package struct HTTPQuestion: Sendable {
    package var method: HTTPMethod
    /// Path below the origin's prefix, starting with a slash.
    package var path: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// Largest body of the answer in bytes.
    ///
    /// Default 256 KiB.
    package var bodyLimit: Int

    package init(
        method: HTTPMethod = .GET,
        path: String,
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        bodyLimit: Int = 262_144
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.bodyLimit = bodyLimit
    }
}

/// A complete answer.
///
/// Redirects are answers like any other: nothing is followed.
package struct HTTPAnswer: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: [UInt8]

    package init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
