import NIOCore
import NIOWebSocket

extension WebSocketSessionHandler {
    /// Takes one frame.
    ///
    /// NIOWebSocket has checked its size, and that control frames are short and whole.
    func receive(_ frame: WebSocketFrame, context: ChannelHandlerContext) {
        guard state == .open || state == .closing else { return }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return fail(code: 1002, reason: "reserved bits are set")
        }
        guard (frame.maskKey != nil) == (configuration.role == .server) else {
            return fail(code: 1002, reason: frame.maskKey == nil ? "frame is not masked" : "frame is masked")
        }
        switch frame.opcode {
        case .text, .continuation: receiveText(frame)
        case .binary: fail(code: 1003, reason: "binary frames are not accepted")
        case .ping: if state == .open { answer(ping: frame.unmaskedData, context: context) }
        case .pong: break
        case .connectionClose: receiveClose(frame.unmaskedData, context: context)
        default: fail(code: 1002, reason: "unknown opcode")
        }
    }

    private func receiveText(_ frame: WebSocketFrame) {
        guard (frame.opcode == .continuation) == (fragments != nil) else {
            return fail(code: 1002, reason: "continuation out of place")
        }
        let data = frame.unmaskedData
        if frame.fin, fragments == nil { return deliver(data) }
        let length = (fragments?.readableBytes ?? 0) + data.readableBytes
        guard length <= configuration.maximumMessageBytes else {
            return fail(code: 1009, reason: "message too large")
        }
        var joined = fragments ?? ByteBuffer()
        fragments = nil
        joined.writeImmutableBuffer(data)
        if frame.fin {
            deliver(joined)
        } else {
            fragments = joined
        }
    }

    private func deliver(_ message: ByteBuffer) {
        guard let text = String(validating: message.readableBytesView, as: UTF8.self) else {
            return fail(code: 1007, reason: "text is not UTF-8")
        }
        guard state == .open, let context else { return }
        delegate?.session(session(context), didReceive: text)
    }

    private func receiveClose(_ payload: ByteBuffer, context: ChannelHandlerContext) {
        var payload = payload
        let code = payload.readInteger(as: UInt16.self)
        guard code != nil || payload.readableBytes == 0 else {
            return fail(code: 1002, reason: "bad close frame")
        }
        if let code, !Self.mayStandInFrame(code) {
            return fail(code: 1002, reason: "bad close code")
        }
        guard let reason = String(validating: payload.readableBytesView, as: UTF8.self) else {
            return fail(code: 1007, reason: "close reason is not UTF-8")
        }
        if state == .closing {
            end(context)
        } else {
            closure = WebSocketClosure(code: code ?? 1005, reason: reason, initiator: .remote)
            answerClose(code: code, context: context)
        }
    }

    /// RFC 6455, section 7.4: codes that an end may send.
    static func mayStandInFrame(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
