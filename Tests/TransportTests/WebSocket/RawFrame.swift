import NIOCore

/// Bytes of one WebSocket frame, right or wrong, put together by hand.
struct RawFrame {
    var first: UInt8
    var mask: [UInt8]? = [0x11, 0x22, 0x33, 0x44]
    var payload: [UInt8] = []
    /// The length that the header claims, if not the payload's.
    var claimedLength: UInt64?

    static func text(_ text: String, fin: Bool = true) -> RawFrame {
        RawFrame(first: (fin ? 0x80 : 0) | 0x1, payload: Array(text.utf8))
    }

    static func more(_ text: String, fin: Bool) -> RawFrame {
        RawFrame(first: fin ? 0x80 : 0, payload: Array(text.utf8))
    }

    static func close(_ code: UInt16?, reason: [UInt8] = []) -> RawFrame {
        RawFrame(first: 0x88, payload: (code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []) + reason)
    }

    var bytes: [UInt8] {
        var out = [first]
        let length = claimedLength ?? UInt64(payload.count)
        let flag: UInt8 = mask == nil ? 0 : 0x80
        switch length {
        case 0...125: out.append(flag | UInt8(length))
        case 126...65_535: out += [flag | 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        default:
            out.append(flag | 127)
            out += (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * (7 - $0))) }
        }
        guard let mask else { return out + payload }
        out += mask
        return out + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }
}

/// A frame as it was read back from what a session wrote.
struct ReadFrame: Equatable {
    let opcode: UInt8
    let masked: Bool
    let payload: [UInt8]

    static func text(_ text: String, masked: Bool = false) -> ReadFrame {
        ReadFrame(opcode: 1, masked: masked, payload: Array(text.utf8))
    }

    var closeCode: UInt16? {
        guard opcode == 8, payload.count >= 2 else { return nil }
        return UInt16(payload[0]) << 8 | UInt16(payload[1])
    }

    static func all(in bytes: [UInt8]) -> [ReadFrame] {
        var rest = ByteBuffer(bytes: bytes)
        var frames: [ReadFrame] = []
        while let first = rest.readInteger(as: UInt8.self), let second = rest.readInteger(as: UInt8.self) {
            var length = Int(second & 0x7F)
            if length == 126 { length = Int(rest.readInteger(as: UInt16.self) ?? 0) }
            if length == 127 { length = Int(rest.readInteger(as: UInt64.self) ?? 0) }
            let mask = second & 0x80 == 0 ? nil : rest.readBytes(length: 4)
            var payload = rest.readBytes(length: length) ?? []
            if let mask { payload = payload.enumerated().map { $1 ^ mask[$0 % 4] } }
            frames.append(ReadFrame(opcode: first & 0xF, masked: mask != nil, payload: payload))
        }
        return frames
    }
}
