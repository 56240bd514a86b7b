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
        faults += FieldFault.ofName(name, 1...255)
        if let fault = PasswordRule.fault(in: password, email: address) {
            faults.append(FieldFault(path: "/password", message: fault))
        }
        guard let address, faults.isEmpty else { throw .invalid(faults) }
        self.email = address
        self.name = name
        self.password = password
    }
}
