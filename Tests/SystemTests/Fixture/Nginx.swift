import Foundation

/// An nginx in front of a server, with the configuration that docs/verification.md shows.
struct Nginx {
    let port: Int
    private let program: Program

    /// Starts the documented configuration: with this API, server and folder of pages in their places.
    ///
    /// `upstream`: the port of an API to which requests are passed on instead.
    static func start(
        _ bench: Workbench,
        server: Server,
        api: String,
        site: String,
        upstream: Int? = nil
    ) async throws -> Nginx {
        let folder = bench.folder + "/nginx-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let port = try freePort()
        let page = try String(contentsOfFile: Workbench.root + "/docs/verification.md", encoding: .utf8)
        guard let block = page.firstMatch(of: /```nginx\n((?:.|\n)*?)```/) else { throw Failure("no nginx block") }
        let documented = String(block.1)
            .replacingOccurrences(of: "api_00000000000000000000000000", with: api)
            .replacingOccurrences(of: "127.0.0.1:8787", with: "127.0.0.1:\(server.port)")
            .replacingOccurrences(of: "127.0.0.1:8080", with: "127.0.0.1:\(port)")
            .replacingOccurrences(of: "/srv/site", with: site)
            .replacingOccurrences(
                of: "error_page 403",
                with: (upstream.map { "proxy_pass http://127.0.0.1:\($0); " } ?? "") + "error_page 403"
            )
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
        // Root's workers would run as nobody, who can't read a test's folder.
        let user = geteuid() == 0 ? "user root;" : ""
        let text = """
            \(user) daemon off; worker_processes 1; pid \(folder)/pid; error_log stderr warn;
            events { worker_connections 256; }
            http { access_log off; \(places.joined(separator: " "))
            \(documented)
            }
            """
        try text.write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
        let path = FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx"
        let program = try bench.start(path, ["-p", folder, "-c", folder + "/nginx.conf"], name: "nginx")
        let nginx = Nginx(port: port, program: program)
        try await eventually("nginx answers", within: .seconds(10)) {
            if let ended = program.ended { throw Failure("nginx ended: \(ended)\n\(program.errors)") }
            return (try? await nginx.get("/", token: nil).status) != nil
        }
        return nginx
    }

    func get(_ path: String, token: String?, headers: [String: String] = [:]) async throws -> Reply {
        try await API(url: "http://127.0.0.1:\(port)", token: token).call("GET", path, headers: headers)
    }
}
