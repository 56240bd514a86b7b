extension Instant: CustomStringConvertible {
    package var description: String { rfc3339 }

    /// The instant as RFC 3339 text in UTC with six digits of fraction: `2026-11-21T00:50:07.123456Z`.
    package var rfc3339: String {
        let (days, inDay) = microseconds.flooredQuotientAndRemainder(dividingBy: 86_400_000_000)
        let date = CivilDate(daysSince1970: days)
        let second = inDay / 1_000_000
        var text: [UInt8] = []
        text.reserveCapacity(27)
        text.appendDigits(date.year, count: 4)
        text.append(UInt8(ascii: "-"))
        text.appendDigits(date.month, count: 2)
        text.append(UInt8(ascii: "-"))
        text.appendDigits(date.day, count: 2)
        text.append(UInt8(ascii: "T"))
        text.appendDigits(second / 3600, count: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDigits(second / 60 % 60, count: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDigits(second % 60, count: 2)
        text.append(UInt8(ascii: "."))
        text.appendDigits(inDay % 1_000_000, count: 6)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339 text: `T` and `Z` in capitals, or an offset of at most ±23:59; a fraction of 1 to 9 digits.
    ///
    /// Digits behind the microsecond are dropped. A leap second (`23:59:60` UTC on the last day of June or December) is
    /// read as the first instant of the next day. Anything else answers `nil`.
    package init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), reader.take("T"), let hour = reader.digits(2), reader.take(":"),
            let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2),
            let fraction = reader.fraction(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        guard (1...9999).contains(year), hour < 24, minute < 60, second <= 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let local = date.daysSince1970 * 86400 + hour * 3600 + minute * 60 + second
        let utc = local - offset * 60
        if second == 60 {
            // The second before the leap second is the last one of a half-year in UTC, whatever the offset says.
            let (days, inDay) = (utc - 1).flooredQuotientAndRemainder(dividingBy: 86400)
            let lastDay = CivilDate(daysSince1970: days)
            let endsHalfYear =
                (lastDay.month, lastDay.day) == (6, 30) || (lastDay.month, lastDay.day) == (12, 31)
            guard inDay == 86399, endsHalfYear else { return nil }
        }
        let microseconds = utc * 1_000_000 + (second == 60 ? 0 : fraction)
        guard microseconds >= Instant.earliest.microseconds, microseconds <= Instant.latest.microseconds else {
            return nil
        }
        self.init(microseconds: microseconds)
    }
}

/// Reads fixed-width fields of ASCII digits from the front of a text.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func digits(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
            rest.removeFirst()
        }
        return value
    }

    /// An optional fraction, in microseconds; `nil` if it has no digit or more than nine.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var value: Int64 = 0
        var count = 0
        while let byte = rest.first, (0x30...0x39).contains(byte) {
            guard count < 9 else { return nil }
            if count < 6 { value = value * 10 + Int64(byte - 0x30) }
            count += 1
            rest.removeFirst()
        }
        guard count > 0 else { return nil }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    /// `Z` or `±hh:mm`, in minutes.
    mutating func offset() -> Int64? {
        if take("Z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

extension [UInt8] {
    fileprivate mutating func appendDigits(_ value: Int64, count: Int) {
        var divisor: Int64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            append(0x30 + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
