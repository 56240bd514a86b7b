import Foundation

/// An API that answers every request with the header fields it got.
struct EchoServer {
    let port: Int

    static func start(_ bench: Workbench) async throws -> EchoServer {
        let port = try freePort()
        let script = """
            import http.server, sys
            class Echo(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    body = "".join(f"{k}: {v}\\n" for k, v in self.headers.items()).encode()
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *args): pass
            http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
            """
        let program = try bench.start(Workbench.python, ["-c", script, "\(port)"], name: "echo")
        let server = EchoServer(port: port)
        try await eventually("the echo answers", within: .seconds(20)) {
            if let ended = program.ended { throw Failure("the echo ended: \(ended)\n\(program.errors)") }
            return (try? await API(url: "http://127.0.0.1:\(port)", token: nil).get("/").status) == 200
        }
        return server
    }
}
