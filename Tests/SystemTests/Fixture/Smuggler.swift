import Foundation

/// A client that sends identities of its own making, under every name that a program may read as one of Claviger's.
struct Smuggler {
    private static let names = [
        "X-Claviger-Identity", "X-Claviger-Identity-Kind", "X-Claviger-Token", "X-Claviger-Token-Organization",
        "X-Claviger-Token-Workspace", "X-Claviger-Scopes",
    ]

    /// Each name with dashes, underscores and dots in all places, in capitals and not; the plain one twice.
    static let fields: [String] = names.flatMap { name -> [String] in
        let parts = name.split(separator: "-").map(String.init)
        var forms = [parts[0]]
        for part in parts.dropFirst() { forms = forms.flatMap { form in ["-", "_", "."].map { form + $0 + part } } }
        return (forms + [name, name.lowercased(), name.uppercased()]).map { "\($0): smuggled" }
    }

    /// What the API behind a proxy is told of whoever asks: by name as a program would read it, all values of each.
    static func seen(
        _ bench: Workbench,
        through port: Int,
        token: String?
    ) async throws -> (status: String, identity: [String: [String]]) {
        let folder = bench.folder + "/smuggler-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let credential = token.map { ["Authorization: Bearer \($0)"] } ?? []
        let lines = (fields + credential).map { "header = \"\($0)\"\n" }.joined()
        try lines.write(toFile: folder + "/curl", atomically: true, encoding: .utf8)
        let program = try await bench.finish(
            "curl",
            [
                "-s", "-o", folder + "/answer", "-w", "%{http_code}", "-K", folder + "/curl",
                "http://127.0.0.1:\(port)/",
            ]
        )
        guard program.ending == .code(0) else { throw Failure(program.errors) }
        let text = (try? String(contentsOfFile: folder + "/answer", encoding: .utf8)) ?? ""
        var identity: [String: [String]] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = String(line[..<colon].lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
            guard name.hasPrefix("x-claviger-") else { continue }
            identity[name, default: []].append(line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        return (program.output, identity)
    }
}
