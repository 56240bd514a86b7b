import Domain
import Testing

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

@Suite("Roles and memberships")
struct RoleMatrixTests {
    @Test("ORG-5: the matrix of roles and permissions is the one in Tests/Golden/role-matrix.txt")
    func golden() throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let golden = try contents(ofFile: "/\(root)/Tests/Golden/role-matrix.txt")
        #expect(RoleMatrix.text == golden)
    }

    @Test("ORG-11: no role of an organization or workspace holds a permission of the server")
    func server() {
        for role in OrganizationRole.allCases { #expect(role.permissions.isDisjoint(with: Permission.server)) }
        for role in WorkspaceRole.allCases { #expect(role.permissions.isDisjoint(with: Permission.server)) }
    }

    @Test(
        "ORG-4: only active memberships count, and the stricter of the two wins",
        arguments: MembershipStatus.allCases
    )
    func stricter(status: MembershipStatus) {
        for other in MembershipStatus.allCases {
            let both = Memberships(
                organization: Membership(role: .owner, status: status),
                workspace: Membership(role: .viewer, status: other)
            )
            #expect(both.isActive == (status == .active && other == .active))
            #expect(both.permissions.isEmpty == !both.isActive)
        }
        let alone = Memberships(organization: Membership(role: .admin, status: status), workspace: nil)
        #expect(alone.isActive == (status == .active))
    }

    @Test("a plain member has what the workspace's role gives, and nothing without one")
    func member() {
        let member = Membership(role: OrganizationRole.member, status: .active)
        #expect(Memberships(organization: member, workspace: nil).permissions.isEmpty)
        let developer = Memberships(
            organization: member,
            workspace: Membership(role: .developer, status: .active)
        )
        #expect(developer.permissions == WorkspaceRole.developer.permissions)
        #expect(Memberships(organization: nil, workspace: developer.workspace).permissions.isEmpty)
    }
}

private func contents(ofFile path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
}
