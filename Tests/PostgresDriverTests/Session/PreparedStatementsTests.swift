import PostgresDriver
import Testing

@Suite("The statements prepared on one connection")
struct PreparedStatementsTests {
    @Test("the one that was unused for longest makes room, and names are never used twice", arguments: [1, 2, 3, 50])
    func bounded(limit: Int) {
        var statements = PreparedStatements(limit: limit)
        var names: Set<String> = []
        for number in 0..<limit {
            let name = statements.nextName()
            names.insert(name)
            #expect(statements.insert("SELECT \(number)", name: name, parameterTypes: [20]) == nil)
        }
        #expect(statements.count == limit)
        let first = statements.find("SELECT 0")
        #expect(first?.parameterTypes == [20])
        let forgotten = statements.insert("one more", name: statements.nextName(), parameterTypes: [])
        #expect(statements.count == limit)
        #expect(forgotten.map { names.contains($0) } == true)
        #expect(limit == 1 ? forgotten == first?.name : statements.find("SELECT 0") != nil)
        #expect(statements.find("SELECT 1") == nil)
        #expect(names.count == limit)
    }

    @Test("a statement that was forgotten is prepared again under another name")
    func forgotten() {
        var statements = PreparedStatements(limit: 2)
        let name = statements.nextName()
        _ = statements.insert("SELECT 1", name: name, parameterTypes: [])
        #expect(statements.remove("SELECT 1") == name)
        #expect(statements.remove("SELECT 1") == nil)
        #expect(statements.nextName() != name)
    }
}
