import ControlPlane
import StrictJSON
import Testing

@Suite("Errors of use cases")
struct ControlPlaneErrorTests {
    /// Debug builds, as this one, work with wider ones too; what is shipped doesn't.
    @Test("are one word wide, which asynchronous closures of an optimised program need")
    func isOneWord() {
        #expect(MemoryLayout<ControlPlaneError>.size == MemoryLayout<Int>.size)
        #expect(MemoryLayout<IndexFinding>.size <= 2 * MemoryLayout<Int>.size)
    }

    @Test("hold what they were made with, and are equal by their code alone")
    func holdsWhatItWasMadeWith() {
        let error = ControlPlaneError(
            .overloaded,
            "Later.",
            fields: [],
            details: ["retry_after_seconds": .integer(3)],
            cause: ControlPlaneError(.notFound, "Not there.")
        )
        #expect(error.message == "Later." && error.fields.isEmpty)
        #expect(error.details == ["retry_after_seconds": .integer(3)])
        #expect(error.cause as? ControlPlaneError == .notFound("agent"))
        #expect(error == ControlPlaneError(.overloaded, "Now."))
        #expect(error != ControlPlaneError(.unavailable, "Later."))
    }
}
