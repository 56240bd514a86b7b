import ClavigerWire
import FaultPoints
import Logging
import NIOHTTP1
import StrictJSON
import Transport

/// Exchanges an install token for the agent's first token (AGT-4, AGT-5).
///
/// Key pair and enrolment id are durable before the call, and kept until the answer is: a lost answer is asked for again
/// with the same pair, which the server answers with a fresh token.
struct Enroller: Sendable {
    let tools: AgentTools

    /// Enrols; `attempts` bounds the tries while the server can't be reached, nil tries for ever.
    func enroll(
        _ installToken: SecretText,
        from state: AgentState?,
        attempts: Int?
    ) async throws(AgentError) -> AgentState {
        let pair = try await pair(from: state)
        let key = try AgentKey(stored: pair.privateKey)
        let body = try body(pair, key, await tools.statement())
        var backoff = tools.backoff
        var left = attempts ?? .max
        while true {
            let problem: String
            var retryAfter: Duration?
            do {
                FaultPoints.reach("agent.enrol.before-request")
                let answer = try await ask(installToken, body)
                if let response = try accept(answer) { return try await keep(response, in: pair) }
                problem = "status \(answer.status)"
                retryAfter = ServerProblem(answer).retryAfter
            } catch let error as TransportError {
                guard Self.mayPass(error) || attempts == nil else {
                    throw AgentError(.unreachable, error)
                }
                problem = error.message
            } catch let error as AgentError {
                throw error
            } catch {
                problem = "unknown"
            }
            left -= 1
            guard left > 0, !Task.isCancelled else {
                throw AgentError(.unreachable, "\(tools.origin) could not be reached: \(problem)")
            }
            let wait = backoff.next(chance: .random(in: 0..<1), retryAfter: retryAfter)
            tools.logger.warning("enrolment has to wait", metadata: ["problem": "\(problem)", "wait": "\(wait)"])
            try? await Task.sleep(for: wait)
        }
    }

    /// The pair of an enrolment that was begun with this server, or a new one, durable.
    private func pair(from state: AgentState?) async throws(AgentError) -> AgentState {
        if let state, state.end == nil, state.shelf.isEmpty, state.server == tools.origin.description { return state }
        let state = AgentState(
            server: tools.origin.description,
            enrolmentID: Base64URL.encode(tools.random(32)),
            privateKey: AgentKey().stored
        )
        FaultPoints.reach("agent.enrol.before-pair-write")
        try await tools.keeper.write(state)
        FaultPoints.reach("agent.enrol.after-pair-write")
        return state
    }

    private func body(
        _ pair: AgentState,
        _ key: AgentKey,
        _ statement: MachineStatement
    ) throws(AgentError) -> [UInt8] {
        let request = EnrollRequest(
            enrolmentID: pair.enrolmentID,
            publicKey: key.publicText,
            hostname: statement.hostname,
            os: statement.os,
            arch: statement.arch,
            version: statement.version,
            cloud: statement.cloud?.name,
            region: statement.cloud?.region,
            instanceID: statement.cloud?.instanceID
        )
        do {
            return try StrictJSONEncoder().encode(request)
        } catch {
            throw AgentError(.badSetting, "The machine's own description can't be sent.", cause: error)
        }
    }

    private func ask(_ installToken: SecretText, _ body: [UInt8]) async throws(TransportError) -> HTTPAnswer {
        let headers: HTTPHeaders = [
            "Authorization": "Bearer \(installToken.revealed())",
            "Content-Type": StrictJSON.mediaType,
            "Accept": "\(StrictJSON.mediaType), \(ProblemDetails.mediaType)",
            "User-Agent": "claviger-agent/\(ClavigerAgent.version)",
        ]
        return try await tools.client.ask(
            tools.origin,
            HTTPQuestion(method: .POST, path: APIPath.enroll.path(), headers: headers, body: body)
        )
    }

    /// The response of a success, nil for an answer after which to try again; a refusal is an error.
    private func accept(_ answer: HTTPAnswer) throws(AgentError) -> EnrollResponse? {
        if answer.status == 200 || answer.status == 201 {
            let decoder = StrictJSONDecoder(unknownFields: .ignore)
            guard let response = try? decoder.decode(EnrollResponse.self, from: answer.body),
                StoredToken.hasShape(response.agentToken)
            else { throw AgentError(.enrolmentRefused, "\(tools.origin) did not answer like a Claviger server.") }
            return response
        }
        guard (400..<500).contains(answer.status), answer.status != 408, answer.status != 429 else { return nil }
        let problem = ServerProblem(answer)
        switch problem.code {
        case ErrorCode.installTokenUsed:
            throw AgentError(
                .enrolmentRefused,
                "InstallTokenUsed: another machine enrolled with this install token, or this one did and lost its state."
                    + " Reset the agent to get a new install token."
            )
        case let code?:
            throw AgentError(.enrolmentRefused, "\(code.rawValue): \(problem.detail ?? "the enrolment was refused").")
        case nil:
            throw AgentError(.enrolmentRefused, "\(tools.origin) refused the enrolment with status \(answer.status).")
        }
    }

    private func keep(_ response: EnrollResponse, in pair: AgentState) async throws(AgentError) -> AgentState {
        FaultPoints.reach("agent.enrol.after-answer")
        var state = pair
        state.agentID = response.agentID
        state.credentialID = response.credentialID
        state.shelf = TokenShelf(
            confirmed: StoredToken(text: SecretText(response.agentToken), expiresAt: response.tokenExpiresAt)
        )
        try await tools.keeper.write(state)
        FaultPoints.reach("agent.enrol.after-token-write")
        tools.logger.notice("enrolled", metadata: ["agent_id": "\(response.agentID)"])
        return state
    }

    /// Whether trying again can help without a change of settings.
    private static func mayPass(_ error: TransportError) -> Bool {
        switch error.code {
        case .badAddress, .plainTextRefused, .tlsFailed, .cancelled: false
        default: true
        }
    }
}
