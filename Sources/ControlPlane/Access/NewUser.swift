internal import Domain

/// The fields of a new user after their check.
struct NewUser {
    let email: EmailAddress
    let name: String
    let password: String

    init(email: String, name: String, password: String) throws(ControlPlaneError) {
        let address = EmailAddress(email)
        var faults: [FieldFault] = []
        if address == nil { faults.append(FieldFault(path: "/email", message: "must be an e-mail address")) }
        if !(1...255).contains(name.count) || name.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            faults.append(FieldFault(path: "/name", message: "must have 1 to 255 characters, none of control"))
        }
        if let fault = PasswordRule.fault(in: password, email: address) {
            faults.append(FieldFault(path: "/password", message: fault))
        }
        guard let address, faults.isEmpty else { throw .invalid(faults) }
        self.email = address
        self.name = name
        self.password = password
    }
}
