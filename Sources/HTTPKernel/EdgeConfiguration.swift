/// What the composition root tells every edge.
package struct EdgeConfiguration: Sendable {
    /// The configured `public_url` without a trailing slash; links and install lines are made from it alone.
    package let publicURL: String
    package let hosts: HostCheck
    package let proxies: TrustedProxies
    package let limits: EdgeLimits
    /// Whether only this machine is meant to reach the server: `public_url` names loopback, and no proxy is trusted.
    package let isLocalOnly: Bool

    /// Nil if `publicURL` is no `http` or `https` URL with a host.
    package init?(publicURL: String, proxies: TrustedProxies = TrustedProxies(), limits: EdgeLimits = EdgeLimits()) {
        guard let hosts = HostCheck(publicURL: publicURL) else { return nil }
        var url = publicURL
        while url.hasSuffix("/") { url.removeLast() }
        self.publicURL = url
        self.hosts = hosts
        self.proxies = proxies
        self.limits = limits
        isLocalOnly = proxies.ranges.isEmpty && hosts.isLoopback
    }
}
