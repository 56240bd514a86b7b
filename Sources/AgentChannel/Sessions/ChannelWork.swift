import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import StrictJSON

/// What one frame makes the control plane do.
///
/// It runs off the event loop, one frame of a channel at a time.
struct ChannelWork: Sendable {
    let service: ChannelService
    let session: ChannelSession

    /// The reply to send, if there is one.
    func answer(_ message: JSONRPCMessage, _ question: ChannelConnection.Question?) async -> JSONRPCMessage? {
        do throws(JSONRPCError) {
            switch message {
            case .request(let id, _, let params): return try await authenticate(id, params)
            case .notification(let method, let params): try await note(method, params)
            case .response(_, let result): await settle(question, result)
            case .failure(_, let error): await refuse(question, error.message)
            }
            return nil
        } catch {
            guard case .request(let id, _, _) = message else { return nil }
            return .failure(id: id, error: error)
        }
    }

    private func authenticate(_ id: String, _ params: JSONValue) async throws(JSONRPCError) -> JSONRPCMessage? {
        let params = try params.decoded(as: AuthenticateParams.self)
        do {
            let generation = try await service.authenticate(session, token: params.token)
            return try? .response(id: id, AuthenticateResult(generation: generation))
        } catch {
            throw JSONRPCError(
                code: JSONRPCError.refused,
                message: error.message,
                data: ["code": .string(error.code.rawValue)]
            )
        }
    }

    private func note(_ method: String, _ params: JSONValue) async throws(JSONRPCError) {
        switch method {
        case ChannelMethod.rotationComplete:
            let params = try params.decoded(as: RotationCompleteParams.self)
            guard let id = RotationID(params.rotationID) else { return }
            await service.rotationComplete(session, rotationID: id, attempt: params.attempt)
        case ChannelMethod.rotationFailed:
            let params = try params.decoded(as: RotationFailedParams.self)
            guard let id = RotationID(params.rotationID) else { return }
            await service.rotationFailed(
                session,
                rotationID: id,
                attempt: params.attempt,
                error: Self.sane(params.error)
            )
        default: break
        }
    }

    /// An answer that can't be read counts as none: the question is asked again when its time is over.
    private func settle(_ question: ChannelConnection.Question?, _ result: JSONValue) async {
        guard let question, let result = try? result.decoded(as: RotateTokenResult.self) else { return }
        switch result.status {
        case .ok:
            await service.rotationAnswered(
                session,
                rotationID: question.rotationID,
                attempt: question.attempt,
                answer: .stored
            )
        case .error: await refuse(question, result.error ?? "The agent gave no reason.")
        }
    }

    private func refuse(_ question: ChannelConnection.Question?, _ reason: String) async {
        guard let question else { return }
        await service.rotationAnswered(
            session,
            rotationID: question.rotationID,
            attempt: question.attempt,
            answer: .error(Self.sane(reason))
        )
    }

    /// An agent's words as they may be stored and shown: short, printable, without what looks like a secret.
    private static func sane(_ text: String) -> String {
        UserAgent.sane(text) ?? ""
    }
}
