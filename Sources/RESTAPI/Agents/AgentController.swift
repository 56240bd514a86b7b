import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Agents: create, read, change, delete, their history, and what is done to them.
struct AgentController: Sendable {
    let agents: AgentService
    let idempotency: IdempotentRoute
    let install: InstallInstructionsRenderer

    var routes: [Route] {
        [
            Route(agent: .post, .agents, .authenticated(.agentsCreate, create)),
            Route(agent: .get, .agents, .authenticated(.agentsRead, list)),
            Route(agent: .get, .agent, .authenticated(.agentsRead, get)),
            Route(agent: .put, .agent, .authenticated(.agentsUpdate, replace)),
            Route(agent: .patch, .agent, .authenticated(.agentsUpdate, update)),
            Route(agent: .delete, .agent, .authenticated(.agentsDelete, delete)),
            Route(agent: .get, .agentEvents, .authenticated(.agentsRead, events)),
            Route(agent: .post, .regenerateToken, .authenticated(.agentsRegenerate, regenerate)),
            Route(agent: .post, .resetAgent, .authenticated(.agentsReset, reset)),
            Route(agent: .post, .pauseAgent, .authenticated(.agentsPause, pause)),
            Route(agent: .post, .resumeAgent, .authenticated(.agentsResume, resume)),
            Route(agent: .post, .revokeAgentTokens, .authenticated(.agentsRevoke, revoke)),
        ]
    }

    // MARK: Reading

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let view = try await agents.get(Fields.id(context.request.parameters, "agent"), caller: context.caller)
        return try JSONAnswer.make(AgentResponse(view))
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let names: Set<String> = ["status", "connection", "environment", "label", "q", "limit", "cursor"]
        let parameters = try QueryParameters(request, allowed: names)
        var query = AgentQuery(
            state: try Fields.word(parameters, "status", as: IdentityState.self),
            isConnected: try Fields.word(parameters, "connection", as: ConnectionStatus.self).map { $0 == .connected },
            environment: parameters["environment"],
            text: parameters["q"],
            limit: try Fields.limit(parameters),
            after: try Fields.cursor(parameters)
        )
        if let label = parameters["label"] {
            guard let equals = label.firstIndex(of: "=") else {
                throw HTTPProblem.invalid("label", "Must be a label's name, “=” and its value.")
            }
            query.label = (String(label[..<equals]), String(label[label.index(after: equals)...]))
        }
        let page = try await agents.list(query, caller: context.caller)
        return try JSONAnswer.make(
            WirePage(data: page.items.map(AgentResponse.init), nextCursor: page.nextCursor)
        )
    }

    private func events(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = try QueryParameters(request, allowed: ["kind", "since", "until", "limit", "cursor"])
        let words = (parameters["kind"] ?? "").split(separator: ",")
        let kinds = words.compactMap { AgentEvent.Kind(rawValue: String($0)) }
        guard kinds.count == words.count else {
            let known = AgentEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw HTTPProblem.invalid("kind", "Must be kinds of events, separated by commas: \(known).")
        }
        let query = AgentEventQuery(
            kinds: kinds,
            since: try Fields.time(parameters, "since"),
            until: try Fields.time(parameters, "until"),
            limit: try Fields.limit(parameters),
            after: try Fields.cursor(parameters)
        )
        let id: AgentID = try Fields.id(context.request.parameters, "agent")
        let page = try await agents.events(id, query, caller: context.caller)
        return try JSONAnswer.make(
            WirePage(data: page.items.map(AgentEventResponse.init), nextCursor: page.nextCursor)
        )
    }

    // MARK: Writing

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(AgentDefinitionRequest.self, from: request, limits: context.request.limits)
        let need = IdempotencyService.Need(.agentsCreate, as: "agent.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let grant = try await agents.create(AgentDraft(body.value), caller: context.caller)
            let shown = CreateAgentResponse(
                agent: AgentResponse(grant.agent),
                installToken: grant.token.revealed(),
                installTokenExpiresAt: grant.expiresAt.rfc3339,
                install: install.instructions(for: grant)
            )
            var replay = shown
            replay.installToken = nil
            replay.install = nil
            replay.secretAlreadyShown = true
            return try IdempotentAnswer(shown, replay: replay, status: .created)
        }
    }

    private func replace(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(AgentDefinitionRequest.self, from: request, limits: context.request.limits)
        let id: AgentID = try Fields.id(context.request.parameters, "agent")
        // A new slug would be made from the name; whoever replaces a definition says which one it has.
        guard body.value.slug != nil else { throw HTTPProblem.invalid("/slug", "is missing") }
        let view = try await agents.replace(id, with: AgentDraft(body.value), caller: context.caller)
        return try JSONAnswer.make(AgentResponse(view))
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(UpdateAgentRequest.self, from: request, limits: context.request.limits)
        let id: AgentID = try Fields.id(context.request.parameters, "agent")
        let view = try await agents.update(id, AgentPatch(body.value), caller: context.caller)
        return try JSONAnswer.make(AgentResponse(view))
    }

    private func delete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await agents.delete(Fields.id(context.request.parameters, "agent"), caller: context.caller)
        return JSONAnswer.empty
    }

    // MARK: Tokens and states

    private func regenerate(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason, bytes) = try await action(request, context)
        let need = IdempotencyService.Need(.agentsRegenerate, as: "agent.regenerate", target: .agent(id))
        return try await idempotency.answer(request, bytes, context, needs: need) {
            let grant = try await agents.regenerateInstallToken(id, reason: reason, caller: context.caller)
            let shown = RegenerateTokenResponse(
                installToken: grant.token.revealed(),
                installTokenExpiresAt: grant.expiresAt.rfc3339,
                install: install.instructions(for: grant)
            )
            var replay = shown
            replay.installToken = nil
            replay.install = nil
            replay.secretAlreadyShown = true
            return try IdempotentAnswer(shown, replay: replay)
        }
    }

    private func reset(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason, bytes) = try await action(request, context)
        let need = IdempotencyService.Need(.agentsReset, as: "agent.reset", target: .agent(id))
        return try await idempotency.answer(request, bytes, context, needs: need) {
            let grant = try await agents.reset(id, reason: reason, caller: context.caller)
            let shown = ResetAgentResponse(
                agent: AgentResponse(grant.agent),
                installToken: grant.token.revealed(),
                installTokenExpiresAt: grant.expiresAt.rfc3339,
                install: install.instructions(for: grant)
            )
            var replay = shown
            replay.installToken = nil
            replay.install = nil
            replay.secretAlreadyShown = true
            return try IdempotentAnswer(shown, replay: replay)
        }
    }

    private func pause(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason, _) = try await action(request, context)
        return try JSONAnswer.make(
            AgentStateResponse(try await agents.pause(id, reason: reason, caller: context.caller))
        )
    }

    private func resume(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason, _) = try await action(request, context)
        return try JSONAnswer.make(
            AgentStateResponse(try await agents.resume(id, reason: reason, caller: context.caller))
        )
    }

    private func revoke(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason, _) = try await action(request, context)
        let receipt = try await agents.revoke(id, reason: reason, caller: context.caller)
        return try JSONAnswer.make(
            RevokeAgentResponse(
                status: AgentStatus(receipt.agent.agent.state),
                connection: receipt.agent.isConnected ? .connected : .disconnected,
                revokedCredentials: receipt.revokedCredentials
            )
        )
    }

    /// The agent, the reason and the body of an action whose body may be left out.
    private func action(
        _ request: Request,
        _ context: AuthenticatedContext
    ) async throws -> (id: AgentID, reason: String?, body: [UInt8]) {
        let limits = context.request.limits
        let body = try await JSONBody.readOptional(AgentActionRequest.self, from: request, limits: limits)
        let id: AgentID = try Fields.id(context.request.parameters, "agent")
        return (id, try Fields.reason(body.value.reason), body.bytes)
    }
}

extension Route {
    /// A route of the agents group: it answers under `/api/v1` and `/api/v1/operator` and counts as one.
    init(agent method: HTTPRequest.Method, _ path: APIPath, _ access: Access) {
        self.init(method, path.fullTemplate, aliases: [APIPath.operatorBase + path.template], access)
    }
}
