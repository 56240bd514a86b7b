import Foundation

/// A Caddy in front of a server and an API, with the configuration that docs/verification.md shows.
struct Caddy {
    let port: Int
    private let program: Program

    static let path = "/usr/bin/caddy"

    /// Starts the documented configuration: with this API, server and upstream in their places.
    static func start(_ bench: Workbench, server: Server, api: String, upstream: Int) async throws -> Caddy {
        let folder = bench.folder + "/caddy-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let port = try freePort()
        let page = try String(contentsOfFile: Workbench.root + "/docs/verification.md", encoding: .utf8)
        guard let block = page.firstMatch(of: /```caddyfile\n((?:.|\n)*?)```/) else { throw Failure("no Caddy block") }
        let documented = String(block.1)
            .replacingOccurrences(of: "api_00000000000000000000000000", with: api)
            .replacingOccurrences(of: "127.0.0.1:8787", with: "127.0.0.1:\(server.port)")
            .replacingOccurrences(of: "127.0.0.1:9000", with: "127.0.0.1:\(upstream)")
            .replacingOccurrences(of: "api.example.com", with: "http://127.0.0.1:\(port)")
        let file = folder + "/Caddyfile"
        try "{\n    admin off\n}\n\(documented)".write(
            toFile: file,
            atomically: true,
            encoding: .utf8
        )
        let program = try bench.start(
            path,
            ["run", "--config", file, "--adapter", "caddyfile"],
            environment: ["HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder],
            name: "caddy"
        )
        let caddy = Caddy(port: port, program: program)
        try await eventually("Caddy answers", within: .seconds(20)) {
            if let ended = program.ended { throw Failure("Caddy ended: \(ended)\n\(program.errors)") }
            return (try? await caddy.get("/", token: nil).status) != nil
        }
        return caddy
    }

    func get(_ path: String, token: String?, headers: [String: String] = [:]) async throws -> Reply {
        try await API(url: "http://127.0.0.1:\(port)", token: token).call("GET", path, headers: headers)
    }
}
