import Foundation
import Testing

@Suite("Stopping, proxies and hosts")
struct ShutdownTests {
    @Test("OPS-4: SIGTERM stops a server with idle, silent and half-sent connections")
    func stops() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, daemon) = try await owner.connectedAgent(bench)
            let silent = try await Wire.connect(to: server, on: bench)
            let halfSent = try await Wire.connect(to: server, on: bench)
            try await halfSent.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nX-Half: ")
            let halfBody = try await Wire.connect(to: server, on: bench)
            try await halfBody.send(
                """
                POST /api/v1/auth/login HTTP/1.1\r
                Host: 127.0.0.1:\(server.port)\r
                Content-Type: application/json\r
                Content-Length: 100\r
                \r
                {"email":
                """
            )
            let idle = try await Wire.connect(to: server, on: bench)
            try await idle.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
            try await eventually("an answer on the idle connection") { idle.received.contains(" 200 ") }

            let begun = ContinuousClock.now
            try await server.stop()
            #expect(ContinuousClock.now - begun < .seconds(31))
            try await eventually("every connection is closed") { silent.isClosed && halfSent.isClosed && idle.isClosed }
            #expect(try daemon.program().ended == nil)
            try await server.start()
            // The agent's pauses have grown to half a minute meanwhile.
            try await owner.awaitConnection(id, within: .seconds(90))
        }
    }

    @Test("AGT-7: the channel works as a later request of a connection that nginx keeps")
    func behindNginx() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let port = try freePort()
            let configuration = bench.folder + "/nginx.conf"
            try nginxConfiguration(folder: bench.folder, port: port, upstream: server.port).write(
                toFile: configuration,
                atomically: true,
                encoding: .utf8
            )
            let nginx = FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx"
            _ = try bench.start(nginx, ["-c", configuration, "-p", bench.folder])
            let url = "http://127.0.0.1:\(port)"
            try await eventually("nginx answers") {
                (try? await API(url: url, token: nil).get("/healthz").status) == 200
            }
            for _ in 1...20 { _ = try await API(url: url, token: nil).get("/healthz").expecting(200) }
            let (id, daemon) = try await owner.connectedAgent(bench, through: url)
            _ = try await owner.rotate(id).expecting(200)
            try await owner.awaitPromotion(id)
            _ = try await owner.act(id, "tokens/revoke").expecting(200)
            #expect(try await daemon.program().end(within: .seconds(5)) != .code(0))
        }
    }

    @Test("OPS-3: an unknown Host answers 421, whatever the path")
    func unknownHost() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let wire = try await Wire.connect(to: server, on: bench)
            try await wire.send("GET /install.sh HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            try await eventually("an answer") { wire.received.contains("\r\n\r\n") }
            #expect(wire.received.hasPrefix("HTTP/1.1 421 "))
            #expect(!wire.received.contains("http://evil.example"))
        }
    }

    @Test("REV-2, OPS-4: kill -9 and restart loses nothing that was answered")
    func killedAndRestarted() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            var ids: [String] = []
            for round in 1...3 {
                ids.append(try await owner.createAgent("agent-\(round)").id)
                _ = try await owner.act(ids[0], "tokens/revoke")
                try await server.kill()
                try await server.start()
                for id in ids { #expect(try await owner.api.get("/api/v1/agents/" + id).status == 200) }
                #expect(try await owner.agent(ids[0])["status"].text == "revoked")
            }
        }
    }

    private func nginxConfiguration(folder: String, port: Int, upstream: Int) -> String {
        """
        daemon off; master_process off; worker_processes 1;
        pid \(folder)/nginx.pid; error_log \(folder)/nginx-error.log;
        events { worker_connections 256; }
        http {
            access_log off;
            client_body_temp_path \(folder)/nb; proxy_temp_path \(folder)/np; fastcgi_temp_path \(folder)/nf;
            uwsgi_temp_path \(folder)/nu; scgi_temp_path \(folder)/ns;
            upstream claviger { server 127.0.0.1:\(upstream); keepalive 4; }
            map $http_upgrade $connection_header { default upgrade; "" ""; }
            server {
                listen 127.0.0.1:\(port);
                location / {
                    proxy_pass http://claviger;
                    proxy_http_version 1.1;
                    proxy_set_header Host 127.0.0.1:\(upstream);
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_header;
                    proxy_read_timeout 120s;
                }
            }
        }
        """
    }
}
