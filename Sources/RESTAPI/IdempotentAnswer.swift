import HTTPTypes
import StrictJSON

/// The answer of an operation that may be asked for twice: as it is shown once, and as it is shown again.
///
/// Only the second, which holds no secret, is kept.
struct IdempotentAnswer: Sendable {
    let status: HTTPResponse.Status
    let shown: [UInt8]
    let replay: [UInt8]

    init<Value: Encodable>(_ shown: Value, replay: Value, status: HTTPResponse.Status = .ok) throws {
        self.status = status
        self.shown = try StrictJSONEncoder().encode(shown)
        self.replay = try StrictJSONEncoder().encode(replay)
    }
}
