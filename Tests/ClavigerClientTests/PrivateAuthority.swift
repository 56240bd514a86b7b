import Foundation
import NIOSSL
import Testing

/// A certificate authority of a test's own, and a certificate for `localhost` that it signed; made by openssl.
struct PrivateAuthority {
    private let folder: URL
    /// The authority's certificate, which a client is told to trust.
    var file: String { path("ca.pem") }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "claviger-ca-\(UInt64.random(in: .min ... .max))"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let fresh = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
        try openssl(
            fresh + ["-subj", "/CN=Test authority", "-keyout", path("ca.key"), "-out", file]
        )
        let names = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
        try openssl(
            fresh + ["-subj", "/CN=localhost", "-CA", file, "-CAkey", path("ca.key")] + names
                + ["-keyout", path("server.key"), "-out", path("server.pem")]
        )
    }

    func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(path("server.pem"))
        let key = try NIOSSLPrivateKey(file: path("server.key"), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
        )
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl is needed for this test")
    }
}
