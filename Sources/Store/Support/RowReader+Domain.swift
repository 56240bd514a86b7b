import Domain
import SQLDatabase
import StrictJSON

extension RowReader {
    mutating func id<ID: EntityID>(_: ID.Type = ID.self) throws(DatabaseError) -> ID {
        guard let id = ID(try text()) else { throw Self.unreadable("\(ID.prefix)_ id") }
        return id
    }

    mutating func optionalID<ID: EntityID>(_: ID.Type = ID.self) throws(DatabaseError) -> ID? {
        guard let text = try optionalText() else { return nil }
        guard let id = ID(text) else { throw Self.unreadable("\(ID.prefix)_ id") }
        return id
    }

    mutating func instant() throws(DatabaseError) -> Instant { Instant(microseconds: try int()) }

    mutating func optionalInstant() throws(DatabaseError) -> Instant? {
        try optionalInt().map { Instant(microseconds: $0) }
    }

    mutating func duration() throws(DatabaseError) -> Duration { .microseconds(try int()) }

    mutating func word<Word: RawRepresentable<String>>(_: Word.Type = Word.self) throws(DatabaseError) -> Word {
        guard let word = Word(rawValue: try text()) else { throw Self.unreadable("\(Word.self)") }
        return word
    }

    /// A token's pepper and hash, in this order, or neither.
    mutating func optionalHash() throws(DatabaseError) -> StoredHash? {
        let pepper = try optionalInt()
        let bytes = try optionalBytes()
        guard let pepper, let bytes else { return nil }
        guard let hash = TokenHash(bytes: bytes) else { throw Self.unreadable("token hash") }
        return StoredHash(pepperID: pepper, hash: hash)
    }

    /// Pepper, hash and prefix of a token, in this order, or nothing.
    mutating func optionalStamp() throws(DatabaseError) -> TokenStamp? {
        let hash = try optionalHash()
        let prefix = try optionalText()
        guard let hash, let prefix else { return nil }
        return TokenStamp(hash: hash, prefix: prefix)
    }

    mutating func hash() throws(DatabaseError) -> StoredHash {
        guard let hash = try optionalHash() else { throw Self.unreadable("token hash") }
        return hash
    }

    /// Kind, id and name of an actor, in this order.
    mutating func actor() throws(DatabaseError) -> Actor {
        Actor(kind: try word(), id: try optionalText(), name: try optionalText())
    }

    mutating func jsonTexts() throws(DatabaseError) -> [String] { try Self.texts(try text()) }

    mutating func optionalJSONTexts() throws(DatabaseError) -> [String]? {
        guard let text = try optionalText() else { return nil }
        return try Self.texts(text)
    }

    private static func texts(_ text: String) throws(DatabaseError) -> [String] {
        guard let elements = (try? JSONValue(parsing: text))?.arrayValue else { throw unreadable("JSON array") }
        return elements.compactMap(\.stringValue)
    }

    mutating func jsonMap() throws(DatabaseError) -> [String: String] {
        let value = try? JSONValue(parsing: try text())
        guard let object = value?.objectValue else { throw Self.unreadable("JSON object") }
        var map: [String: String] = [:]
        for field in object.fields { map[field.name] = field.value.stringValue }
        return map
    }

    private static func unreadable(_ what: String) -> DatabaseError {
        DatabaseError(.columnType, "A column does not hold a \(what).")
    }
}
