import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import Hummingbird

/// Enrolment: a daemon exchanges its install token for an agent token.
///
/// The install token is its only credential.
struct EnrolmentController: Sendable {
    let agents: AgentService

    var routes: [Route] {
        [Route(.post, APIPath.enroll.fullTemplate, .bearer(enroll))]
    }

    private func enroll(
        _ request: Request,
        _ context: OpenContext,
        _ credential: BearerCredential
    ) async throws -> Response {
        let body = try await JSONBody.read(EnrollRequest.self, from: request, limits: context.limits).value
        guard (16...128).contains(body.enrolmentID.utf8.count), body.enrolmentID.utf8.allSatisfy(Self.isPrintable)
        else {
            throw HTTPProblem.invalid("/enrolment_id", "Must have 16 to 128 printable ASCII characters.")
        }
        guard let key = Base64URL.decode(body.publicKey), key.count == 32 else {
            throw HTTPProblem.invalid("/public_key", "Must be an Ed25519 public key: 32 bytes as base64url.")
        }
        try Self.check(body)
        let enrolment = EnrolmentRequest(
            installToken: credential.token,
            enrolmentID: body.enrolmentID,
            publicKey: key,
            statement: AgentStatement(
                hostname: body.hostname,
                os: body.os,
                arch: body.arch,
                version: body.version,
                cloud: body.cloud,
                region: body.region,
                instanceID: body.instanceID
            )
        )
        let grant = try await agents.enroll(enrolment, caller: context.anonymousCaller)
        return try JSONAnswer.make(
            EnrollResponse(
                agentID: grant.agentID.text,
                credentialID: grant.credentialID.text,
                agentToken: grant.token.revealed(),
                tokenExpiresAt: grant.expiresAt.rfc3339
            )
        )
    }

    private static func isPrintable(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

    /// What a machine states about itself has at most 255 characters each.
    private static func check(_ body: EnrollRequest) throws(HTTPProblem) {
        let stated = [
            ("/hostname", body.hostname), ("/os", body.os), ("/arch", body.arch), ("/version", body.version),
            ("/cloud", body.cloud), ("/region", body.region), ("/instance_id", body.instanceID),
        ]
        let faults = stated.filter { ($0.1?.count ?? 0) > 255 }
        guard !faults.isEmpty else { return }
        throw HTTPProblem(
            .unprocessableContent,
            .invalidFields,
            "The request is not valid.",
            errors: faults.map { FieldProblem(path: $0.0, message: "Must have at most 255 characters.") }
        )
    }
}
