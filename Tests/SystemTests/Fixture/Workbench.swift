import Foundation
import Synchronization

/// One test's folder, programs and clean-up, which runs last in, first out.
final class Workbench: Sendable {
    /// The folder of the built programs: that of this test program, or the one that `Scripts/soak release` names.
    static let programs =
        optimisedPrograms
        ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    /// Whether the programs are optimised, without the clocks and fault points of debug builds.
    static let areOptimised = optimisedPrograms != nil
    private static let optimisedPrograms = ProcessInfo.processInfo.environment["CLAVIGER_TEST_PROGRAMS"]
    /// The root of the checkout.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    static let python = root + "/.venv/bin/python3"
    static let claviger = Programs.current.claviger
    static let agent = Programs.current.agent

    let folder: String
    private let cleanups = Mutex<[@Sendable () async -> Void]>([])
    private let started = Mutex<[Program]>([])

    private init() throws {
        folder = NSTemporaryDirectory() + "claviger-test-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Runs a test's body on a workbench of its own.
    ///
    /// At most four run at once on this machine's two cores; three where each brings a database and several servers.
    ///
    /// One that measures runs `alone`.
    static func run(
        alone isAlone: Bool = false,
        _ body: @Sendable (Workbench) async throws -> Void
    ) async throws {
        let places = isAlone ? Turnstile.limit : 1
        await Turnstile.shared.enter(places)
        do {
            let bench = try Workbench()
            do {
                try await body(bench)
            } catch {
                let report = bench.report()
                await bench.cleanUp(keeping: true)
                throw Failure("\(error)\n\(report)")
            }
            await bench.cleanUp(keeping: false)
        } catch {
            await Turnstile.shared.leave(places)
            throw error
        }
        await Turnstile.shared.leave(places)
    }

    func onCleanUp(_ action: @escaping @Sendable () async -> Void) {
        cleanups.withLock { $0.append(action) }
    }

    /// Starts a program that is killed at clean-up if it still runs.
    func start(
        _ path: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        input: String = "",
        name: String? = nil
    ) throws -> Program {
        let program = try Program(
            path,
            arguments,
            environment: environment,
            input: input,
            name: name ?? URL(fileURLWithPath: path).lastPathComponent,
            folder: folder
        )
        started.withLock { $0.append(program) }
        onCleanUp { await program.kill() }
        return program
    }

    /// Runs a program to its end.
    func finish(
        _ path: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        input: String = "",
        within limit: Duration = .seconds(30)
    ) async throws -> (ending: Ending, output: String, errors: String) {
        let program = try start(path, arguments, environment: environment, input: input)
        do {
            let ending = try await program.end(within: limit)
            return (ending, program.output, program.errors)
        } catch {
            await program.kill()
            throw error
        }
    }

    /// Runs one of the Python programs of Tests/SystemTests/Python.
    func startPython(_ script: String, _ arguments: [String] = [], input: String = "") throws -> Program {
        try start(
            Self.python,
            [Self.root + "/Tests/SystemTests/Python/" + script] + arguments,
            input: input,
            name: script
        )
    }

    /// Everything that any program of this test has written.
    var everythingWritten: String {
        started.withLock { $0 }.map { $0.output + $0.errors }.joined(separator: "\n")
    }

    func contents(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    private func cleanUp(keeping: Bool) async {
        while let action = cleanups.withLock({ $0.popLast() }) { await action() }
        if !keeping || ProcessInfo.processInfo.environment["CLAVIGER_KEEP_TESTS"] == nil {
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private func report() -> String {
        started.withLock { $0 }.suffix(6).map { program in
            "── \(program.name), \(program.ended.map { "\($0)" } ?? "running")\n\(program.output.suffix(1500))\n\(program.errors.suffix(3000))"
        }.joined(separator: "\n")
    }
}

/// Lets a fixed number of tests through at once, in the order in which they came.
///
/// One that needs several places gets them together: two that each held some would wait for each other for ever.
private actor Turnstile {
    static let limit = Engine.current == .sqlite ? 4 : 3
    static let shared = Turnstile(places: limit)
    private var places: Int
    private var waiting: [(wanted: Int, continuation: CheckedContinuation<Void, Never>)] = []

    init(places: Int) {
        self.places = places
    }

    func enter(_ wanted: Int) async {
        if waiting.isEmpty, places >= wanted {
            places -= wanted
            return
        }
        await withCheckedContinuation { waiting.append((wanted, $0)) }
    }

    func leave(_ held: Int) {
        places += held
        while let first = waiting.first, places >= first.wanted {
            places -= first.wanted
            waiting.removeFirst().continuation.resume()
        }
    }
}
