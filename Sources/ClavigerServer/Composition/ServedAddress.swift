/// Where a server really listens, and how others name it.
struct ServedAddress: Sendable {
    let address: ListenAddress
    /// For programs of this machine.
    let localURL: String
    /// For everybody: as configured, or the address it listens on.
    let publicURL: String

    init(_ configuration: ServerConfiguration, _ address: ListenAddress) {
        self.address = address
        let scheme = configuration.tls == nil ? "http" : "https"
        let host = ["0.0.0.0", "::"].contains(address.host) ? "127.0.0.1" : address.bracketedHost
        localURL = "\(scheme)://\(host):\(address.port)"
        publicURL = configuration.publicURL?.text ?? localURL
    }
}

extension ListenAddress {
    /// The same host with another port, if there is one.
    func with(port: Int?) -> ListenAddress {
        port.map { ListenAddress(host: host, port: $0) } ?? self
    }
}
