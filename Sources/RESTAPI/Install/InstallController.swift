import ClavigerWire
import HTTPKernel
import HTTPTypes
import Hummingbird
import NIOCore
import _NIOFileSystem

/// What a machine fetches to become an agent: the script, the daemon, and the daemon's digest.
struct InstallController: Sendable {
    let shelf: AgentBinaryShelf
    let publicURL: String

    var routes: [Route] {
        [
            Route(.get, APIPath.installScript.fullTemplate, .open(script)),
            Route(.get, APIPath.installBinary.fullTemplate, .open(binary)),
            Route(.get, APIPath.installBinary.fullTemplate + ".sha256", .open(digest)),
        ]
    }

    private func script(_ request: Request, _ context: OpenContext) async throws -> Response {
        let text = InstallScript.text(publicURL: publicURL, binaries: await shelf.binaries())
        return Response(
            status: .ok,
            headers: [.contentType: "text/x-shellscript; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private func binary(_ request: Request, _ context: OpenContext) async throws -> Response {
        let binary = try await find(request)
        let body = ResponseBody(contentLength: Int(binary.size)) { writer in
            try await Self.stream(binary, to: &writer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/octet-stream"], body: body)
    }

    /// Sends the file in pieces of 256 KiB; one that has become shorter meanwhile breaks off.
    private static func stream(
        _ binary: AgentBinaries.Binary,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var offset: Int64 = 0
        while offset < binary.size {
            let (at, length) = (offset, min(binary.size - offset, 262_144))
            let part = try await FileSystem.shared.withFileHandle(forReadingAt: FilePath(binary.path)) { file in
                try await file.readChunk(fromAbsoluteOffset: at, length: .bytes(length))
            }
            guard part.readableBytes > 0 else { throw HTTPProblem.internalError }
            offset += Int64(part.readableBytes)
            try await writer.write(part)
        }
    }

    private func digest(_ request: Request, _ context: OpenContext) async throws -> Response {
        let binary = try await find(request)
        let text = "\(binary.digest)  claviger-agent-\(binary.architecture)\n"
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private func find(_ request: Request) async throws(HTTPProblem) -> AgentBinaries.Binary {
        let query = try QueryParameters(request, allowed: ["arch"])
        guard let wanted = query["arch"] else {
            throw .invalid("arch", "Must be one of \(AgentBinaries.architectures.joined(separator: ", ")).")
        }
        guard let binary = await shelf.binaries()[wanted] else {
            throw HTTPProblem(
                .notFound,
                .notFound,
                "This server has no claviger-agent for that architecture; it looks for "
                    + "claviger-agent-<architecture> in agent_binary_dir, which is by default the directory of its program."
            )
        }
        return binary
    }
}
