extension JSONScanner {
    /// Scans a number that begins at the current position with a digit or a minus sign.
    mutating func scanNumber() throws(JSONError) {
        let start = position
        var cursor = start
        if bytes[cursor] == UInt8(ascii: "-") {
            cursor += 1
        }
        let digits = cursor
        cursor = try digitRun(from: cursor, start: start)
        guard bytes[digits] != UInt8(ascii: "0") || cursor == digits + 1 else {
            throw fault(.invalidNumber, "The number at byte \(start) must not begin with a zero.")
        }
        var isInteger = true
        if cursor < bytes.count, bytes[cursor] == UInt8(ascii: ".") {
            isInteger = false
            cursor = try digitRun(from: cursor + 1, start: start)
        }
        if cursor < bytes.count, bytes[cursor] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            cursor += 1
            if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "+") || bytes[cursor] == UInt8(ascii: "-") {
                cursor += 1
            }
            cursor = try digitRun(from: cursor, start: start)
        }
        if isInteger {
            guard JSONTape.integer(bytes[start..<cursor]) != nil else {
                throw fault(.numberOutOfRange, "The integer at byte \(start) must fit 64 bits.")
            }
            append(.integer, start: start, end: cursor)
        } else {
            guard let value = JSONTape.double(bytes[start..<cursor]), value.isFinite else {
                throw fault(.numberOutOfRange, "The number at byte \(start) must fit a double (up to 1.8e308).")
            }
            append(.double, start: start, end: cursor)
        }
    }

    /// At least one digit; returns the position behind the last.
    private func digitRun(from first: Int, start: Int) throws(JSONError) -> Int {
        var cursor = first
        while cursor < bytes.count, bytes[cursor] >= UInt8(ascii: "0"), bytes[cursor] <= UInt8(ascii: "9") {
            cursor += 1
        }
        guard cursor > first else {
            guard first < bytes.count else { throw endOfText() }
            throw fault(.invalidNumber, "The number at byte \(start) must have a digit at byte \(first).")
        }
        return cursor
    }
}
