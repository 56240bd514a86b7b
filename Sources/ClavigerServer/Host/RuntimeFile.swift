import StrictJSON

/// What a running server tells the programs of its own machine: the URL it really listens on.
package struct RuntimeFile: Sendable, Equatable, Codable {
    /// For example `http://127.0.0.1:8787`; the port is the real one also if port 0 was asked for.
    package let url: String
    package let processID: Int

    package init(url: String, processID: Int) {
        self.url = url
        self.processID = processID
    }

    private enum CodingKeys: String, CodingKey {
        case url
        case processID = "process_id"
    }

    /// Writes the file for others to find.
    package func write(in directory: DataDirectory) throws {
        try PrivateFile.write(StrictJSONEncoder().text(self) + "\n", to: directory.runtimeFile)
    }

    /// Reads the file of a directory; nil if there is none or it is no such file.
    package static func read(inDirectory path: String) -> RuntimeFile? {
        guard let text = try? PrivateFile.read(path + "/server.json") else { return nil }
        return try? StrictJSONDecoder(unknownFields: .ignore).decode(RuntimeFile.self, from: text)
    }
}
