import Foundation
import RESTAPI
import StrictJSON
import Testing

@Suite("Installation")
struct InstallScriptTests {
    @Test("AGT-2: install instructions carry public_url and the token as an environment assignment, never in a URL")
    func instructions() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let answer = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                headers: ["Host: 127.0.0.1"],
                body: #"{"name":"alpha"}"#
            )
            let token = try #require(answer.json["install_token"]?.stringValue)
            let install = try #require(answer.json["install"])
            let native = try #require(install["native"]?["command"]?.stringValue)
            #expect(native == "curl -fsSL 'https://claviger.example/install.sh' | CLAVIGER_INSTALL_TOKEN='\(token)' sh")
            #expect(install["native"]?["systemd_unit"]?.stringValue?.contains("ExecStart=") == true)
            let docker = try #require(install["docker"]?["command"]?.stringValue)
            #expect(docker.contains("-v claviger-agent-alpha:"))
            let manifest = try #require(install["kubernetes"]?["manifest"]?.stringValue)
            for word in ["kind: StatefulSet", "replicas: 1", "volumeClaimTemplates", "kind: Secret"] {
                #expect(manifest.contains(word))
            }
            let compose = try #require(install["docker"]?["compose"]?.stringValue)
            #expect(docker.hasSuffix(":/var/lib/claviger-agent registry.example/claviger-agent:1.2 run"))
            for text in [compose, manifest] {
                #expect(text.contains("image: registry.example/claviger-agent:1.2\n"))
            }
            for text in [native, docker] {
                #expect(text.contains("CLAVIGER_INSTALL_TOKEN='\(token)' "))
                #expect(text.ranges(of: token).count == 1)
                #expect(!text.contains("127.0.0.1"))
            }
        }
    }

    @Test(
        "AGT-2: the image of this checkout has the user, the volume and the entry point that the instructions rely on"
    )
    func image() async throws {
        let dockerfile = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Packaging/agent.Dockerfile"),
            encoding: .utf8
        )
        #expect(dockerfile.contains("\nUSER 65532:65532\n"))
        #expect(dockerfile.contains("\nVOLUME /var/lib/claviger-agent\n"))
        #expect(dockerfile.contains("\nENTRYPOINT [\"/usr/local/bin/claviger-agent\"]\n"))
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let answer = try await server.call("POST", "/api/v1/agents", token: owner, body: #"{"name":"alpha"}"#)
            let manifest = try #require(answer.json["install"]?["kubernetes"]?["manifest"]?.stringValue)
            #expect(manifest.contains("runAsUser: 65532\n") && manifest.contains("args: [\"run\"]\n"))
            #expect(manifest.contains("mountPath: /var/lib/claviger-agent\n"))
        }
    }

    @Test("AGT-2: the script is one function called on its last line, with public_url and not the request's Host")
    func script() async throws {
        var options = EdgeServer.Options()
        options.binaries = AgentBinaryShelf(directory: nil, own: "/bin/true")
        try await EdgeServer.run(options) { server in
            let text = try await server.call("GET", "/install.sh", headers: ["Host: localhost"]).text
            #expect(text.hasPrefix("#!/bin/sh\n"))
            #expect(text.hasSuffix("}\n\nclaviger_install \"$@\"\n"))
            #expect(text.contains("server='https://claviger.example'"))
            #expect(!text.contains("localhost"))
            let digest = try await server.call("GET", "/install/claviger-agent.sha256?arch=x86_64").text.prefix(64)
            #expect(text.contains("sha256_x86_64='\(digest)'"))
            #expect(text.contains("sha256_aarch64=''"))
            let binary = try await server.call("GET", "/install/claviger-agent?arch=x86_64")
            #expect(binary.body.starts(with: [0x7F, 0x45, 0x4C, 0x46]))
            #expect(binary["content-length"] == "\(binary.body.count)")
            let none = try await server.call("GET", "/install/claviger-agent?arch=aarch64")
            #expect(none.status == 404)
            #expect(none.json["detail"]?.stringValue?.contains("agent_binary_dir") == true)
            #expect(try await server.call("GET", "/install/claviger-agent").status == 422)
            #expect(try await server.call("GET", "/install/claviger-agent?arch=../etc").status == 404)
        }
    }
}
