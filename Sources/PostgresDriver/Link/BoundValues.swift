import CLibpq
import SQLDatabase

/// The values of a statement in the form that libpq takes, all in one piece of memory.
struct BoundValues {
    private enum Place {
        case null
        /// Where a text ends with a zero.
        case text(at: Int)
        case bytes(at: Int, count: Int)
    }

    private var memory: [UInt8] = []
    private var places: [Place] = []

    /// Fails with a sentence if a value does not fit its parameter's type.
    ///
    /// Numbers and texts travel as text, which the server reads strictly; bytes travel as they are. The server would
    /// read a text given for bytes as their spelling, so it is refused here, as SQLite refuses it.
    init(_ values: [SQLValue], types: [UInt32]) throws(DatabaseError) {
        guard values.count == types.count else {
            throw DatabaseError(.statement, "A statement takes \(types.count) values and got \(values.count).")
        }
        for (value, type) in zip(values, types) {
            switch value {
            case .null: places.append(.null)
            case .int(let number) where type != ServerType.bytes: append(text: String(number))
            case .text(let text) where type != ServerType.bytes:
                guard !text.utf8.contains(0) else {
                    throw DatabaseError(.invalidValue, "A text with U+0000 can't be stored.")
                }
                append(text: text)
            case .bytes(let bytes) where type == ServerType.bytes:
                places.append(.bytes(at: memory.count, count: bytes.count))
                // One more, so that an empty value has a place in the memory too.
                memory += bytes
                memory.append(0)
            default: throw DatabaseError(.invalidValue, "A value has not the type of its column.")
            }
        }
    }

    private mutating func append(text: String) {
        places.append(.text(at: memory.count))
        memory += text.utf8
        memory.append(0)
    }

    /// Hands out what libpq takes: pointers, lengths, formats; valid inside the body.
    func withParameters<T>(
        _ body: (_ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> T
    ) -> T {
        memory.withUnsafeBytes { memory in
            let start = memory.assumingMemoryBound(to: CChar.self).baseAddress
            var values: [UnsafePointer<CChar>?] = []
            var lengths: [Int32] = []
            var formats: [Int32] = []
            for place in places {
                switch place {
                case .null:
                    values.append(nil)
                    lengths.append(0)
                    formats.append(0)
                case .text(let offset):
                    values.append(start.map { $0 + offset })
                    lengths.append(0)
                    formats.append(0)
                case .bytes(let offset, let count):
                    values.append(start.map { $0 + offset })
                    lengths.append(Int32(clamping: count))
                    formats.append(1)
                }
            }
            return body(values, lengths, formats)
        }
    }
}
