import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird
import StrictJSON

/// The settings that are changed while the server runs.
struct SettingsController: Sendable {
    let settings: SettingsService

    var routes: [Route] {
        [
            Route(.get, APIPath.settings.fullTemplate, .authenticated(.settingsRead, list)),
            Route(.patch, APIPath.settings.fullTemplate, .authenticated(.settingsUpdate, update)),
        ]
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try Self.answer(try await settings.list(caller: context.caller))
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = try QueryParameters(request, allowed: ["level"])
        let level = try Fields.word(parameters, "level", as: SettingDeclaration.Level.self)
        let limits = context.request.limits
        let body = try await JSONBody.read(UpdateSettingsRequest.self, from: request, limits: limits).value
        return try Self.answer(try await settings.update(body.values, at: level, caller: context.caller))
    }

    private static func answer(_ settings: [SettingsService.Setting]) throws -> Response {
        let data = settings.map(SettingResponse.init).sorted { $0.key < $1.key }
        return try JSONAnswer.make(SettingsResponse(data: data))
    }
}

extension SettingResponse {
    init(_ setting: SettingsService.Setting) {
        let declaration = setting.key.declaration
        let permission: Permission = declaration.level == .server ? .serverSettings : .orgManage
        self.init(
            key: setting.key.rawValue,
            value: .integer(Int64(setting.value)),
            defaultValue: .integer(Int64(declaration.standard)),
            minimum: Int64(declaration.range.lowerBound),
            maximum: Int64(declaration.range.upperBound),
            unit: declaration.unit,
            description: declaration.sentence,
            changeableBy: permission.rawValue,
            problem: setting.problem,
            source: setting.source.rawValue,
            serverValue: .integer(Int64(setting.serverValue)),
            organizationValue: setting.organizationValue.map { .integer(Int64($0)) }
        )
    }
}
