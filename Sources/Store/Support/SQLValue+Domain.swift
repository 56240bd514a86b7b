import Domain
import SQLDatabase
import StrictJSON

extension SQLValue {
    static func id(_ id: some EntityID) -> SQLValue { .text(id.text) }

    static func id<ID: EntityID>(_ id: ID?) -> SQLValue { .text(id?.text) }

    static func instant(_ instant: Instant) -> SQLValue { .int(instant.microseconds) }

    static func instant(_ instant: Instant?) -> SQLValue { .int(instant?.microseconds) }

    static func duration(_ duration: Duration) -> SQLValue { .int(duration.wholeMicroseconds) }

    static func word(_ word: some RawRepresentable<String>) -> SQLValue { .text(word.rawValue) }

    static func hash(_ hash: TokenHash) -> SQLValue { .bytes(hash.bytes) }

    /// Pepper, hash and prefix of a token, or three times nothing.
    static func stamp(_ stamp: TokenStamp?) -> [SQLValue] {
        [.int(stamp?.hash.pepperID), .bytes(stamp?.hash.hash.bytes), .text(stamp?.prefix)]
    }

    static func json(_ texts: [String]) -> SQLValue { .text(JSONValue.array(texts.map { .string($0) }).text) }

    /// The fields are sorted by name, so that equal maps are equal texts.
    static func json(_ map: [String: String]) -> SQLValue {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in map.sorted(by: { $0.key < $1.key }) {
            writer.name(name)
            writer.string(value)
        }
        writer.endObject()
        return .text(String(decoding: writer.bytes, as: UTF8.self))
    }
}
