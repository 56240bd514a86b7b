import AsyncHTTPClient
import NIOCore
import NIOSSL

/// A typed client of Claviger's REST interface.
///
/// One method per route; bodies and answers are the types of ClavigerWire. Errors are ``ClavigerClientError`` and carry
/// the server's problem details. The client follows no redirects, so that a token never goes to another address, and
/// reads answers up to a limit.
///
///     let client = try ClavigerClient(configuration: .init(baseURL: "https://claviger.example", token: token))
///     let agents = try await client.listAgents(limit: 50)
///     try await client.shutdown()
///
/// May import: ClavigerWire, StrictJSON, AsyncHTTPClient, NIO, NIOSSL.
public struct ClavigerClient: Sendable {
    /// How the client reaches its server.
    public let configuration: Configuration
    let base: BaseURL
    let http: HTTPClient

    /// Makes a client; ``shutdown()`` has to be called when it is no longer used.
    ///
    /// - Throws: `invalidConfiguration` for a URL that can not be used, `plainHTTPRefused` for `http` to an address that
    ///   is not loopback, unless the configuration allows it; `invalidConfiguration` too for a file of authorities that
    ///   can not be read.
    public init(configuration: Configuration) throws(ClavigerClientError) {
        base = try BaseURL(configuration.baseURL, allowsPlainHTTP: configuration.allowsPlainHTTP)
        self.configuration = configuration
        var settings = HTTPClient.Configuration()
        settings.redirectConfiguration = .disallow
        settings.timeout.connect = .seconds(10)
        settings.connectionPool.retryConnectionEstablishment = false
        if let file = configuration.authoritiesFile { settings.tlsConfiguration = try Self.trust(file) }
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    /// The system's authorities and those in a PEM file.
    private static func trust(_ file: String) throws(ClavigerClientError) -> TLSConfiguration {
        var trust = TLSConfiguration.makeClientConfiguration()
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(file)
            guard !certificates.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            trust.additionalTrustRoots = [.certificates(certificates)]
        } catch {
            let message =
                "The file of certificate authorities \(file) can't be read, or holds no certificate in PEM form."
            throw ClavigerClientError(.invalidConfiguration, message, cause: error)
        }
        return trust
    }

    /// Closes the client's connections.
    public func shutdown() async throws(ClavigerClientError) {
        do {
            try await http.shutdown()
        } catch {
            throw ClavigerClientError(.connectionFailed, "The connections could not be closed.", cause: error)
        }
    }

    /// The same client with another bearer token, sharing the connections; only the first one has to be shut down.
    public func with(token: String?) -> ClavigerClient {
        var copy = configuration
        copy.token = token
        return ClavigerClient(configuration: copy, base: base, http: http)
    }

    /// The same client acting in another place, sharing the connections; only the first one has to be shut down.
    public func acting(in organization: String?, workspace: String? = nil) -> ClavigerClient {
        var copy = configuration
        copy.organization = organization
        copy.workspace = workspace
        return ClavigerClient(configuration: copy, base: base, http: http)
    }

    private init(configuration: Configuration, base: BaseURL, http: HTTPClient) {
        self.configuration = configuration
        self.base = base
        self.http = http
    }
}

extension ClavigerClient {
    /// How a client reaches its server.
    public struct Configuration: Sendable {
        /// The server's URL without a path, such as `https://claviger.example`.
        public var baseURL: String
        /// Bearer token for the calls; nil for those that need none.
        public var token: String?
        /// How long a call may take, in seconds; calls that wait for an agent get their waiting time on top.
        ///
        /// Default 30.
        public var timeoutSeconds: Int64
        /// The longest answer in bytes; default 8 MiB.
        public var maximumResponseBytes: Int
        /// Whether `http` to addresses that are not loopback is allowed (OPS-3); default false.
        public var allowsPlainHTTP: Bool
        /// PEM file of certificate authorities to trust beside the system's; default none.
        public var authoritiesFile: String?
        /// What the server's audit trail shows as the program; default `claviger-client`.
        public var userAgent: String
        /// Surface the calls come from, `api` or `cli`; default `api`.
        public var surface: String
        /// The organization that a person acts in; default their oldest membership.
        public var organization: String?
        /// The workspace that a person acts in; default their oldest in the organization.
        public var workspace: String?

        /// Makes a configuration.
        public init(
            baseURL: String,
            token: String? = nil,
            timeoutSeconds: Int64 = 30,
            maximumResponseBytes: Int = 8 << 20,
            allowsPlainHTTP: Bool = false,
            authoritiesFile: String? = nil,
            userAgent: String = "claviger-client",
            surface: String = "api",
            organization: String? = nil,
            workspace: String? = nil
        ) {
            self.baseURL = baseURL
            self.token = token
            self.timeoutSeconds = timeoutSeconds
            self.maximumResponseBytes = maximumResponseBytes
            self.allowsPlainHTTP = allowsPlainHTTP
            self.authoritiesFile = authoritiesFile
            self.userAgent = userAgent
            self.surface = surface
            self.organization = organization
            self.workspace = workspace
        }
    }
}

extension ClavigerClient.Configuration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The configuration without the token.
    public var description: String { "ClavigerClient.Configuration(\(baseURL))" }

    /// The configuration without the token.
    public var debugDescription: String { description }

    /// The configuration without the token.
    public var customMirror: Mirror {
        Mirror(self, children: ["baseURL": baseURL])
    }
}
