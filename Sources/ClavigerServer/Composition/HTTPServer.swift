import AgentChannel
import HTTPKernel
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import NIOCore
import NIOSSL

/// How connections are served: HTTP/1.1, upgraded to agent channels, under TLS if there are certificates.
enum HTTPServer {
    static func builder(
        limits: EdgeLimits,
        connections: ConnectionMetrics,
        endpoint: AgentChannelEndpoint,
        tls: ServerConfiguration.TLSFiles?
    ) throws -> HTTPServerBuilder {
        let plain = EdgeConnections.builder(limits: limits, metrics: connections) {
            [ChannelUpgradeHandler(endpoint: endpoint)]
        }
        guard let tls else { return plain }
        return try .tls(plain, tlsConfiguration: configuration(tls))
    }

    private static func configuration(_ files: ServerConfiguration.TLSFiles) throws(HostError) -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw HostError(.tls, "tls_certificate \(files.certificate): holds no PEM certificate that can be read.")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.privateKey, format: .pem)
        } catch {
            throw HostError(.tls, "tls_private_key \(files.privateKey): holds no PEM key that can be read.")
        }
        guard !chain.isEmpty else {
            throw HostError(.tls, "tls_certificate \(files.certificate): holds no PEM certificate that can be read.")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}
