import StrictJSON

/// An HTTP answer, taken apart.
struct Answer: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    /// Nil until all of it has come, by `Content-Length`; with `untilClose`, whatever there is.
    init?(_ bytes: [UInt8], untilClose: Bool = false) {
        guard let end = Self.headEnd(in: bytes) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first, let status = Int(first.split(separator: " ").dropFirst().first ?? "") else {
            return nil
        }
        self.status = status
        headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (line[..<colon].lowercased(), String(line[colon...].dropFirst(2)))
        }
        let rest = Array(bytes[(end + 4)...])
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }
        if let length, rest.count >= length {
            body = Array(rest[..<length])
        } else if untilClose || status == 204 || status == 101 {
            body = status == 101 ? [] : rest
        } else {
            return nil
        }
    }

    static func headEnd(in bytes: [UInt8]) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { bytes[$0..<($0 + 4)].elementsEqual(mark) }
    }

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    /// The problem's code.
    var code: String? { json["code"]?.stringValue }

    subscript(_ header: String) -> String? {
        headers.first { $0.name == header.lowercased() }?.value
    }
}
