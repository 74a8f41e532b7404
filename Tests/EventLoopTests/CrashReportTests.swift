import Domain
import Formats
import EventLoop
import Glibc
import Testing

/// Each ends a process by a signal, and reads the line that it left behind.
@Suite struct `The report of a crash` {
    @Test func `a fault names the work whose task ran, and the other work under way`() async throws {
        let path = Crash.path("fault")
        await #expect(processExitsWith: .signal(SIGSEGV)) { [path = path as String] in
            let (loop, report) = try Crash.begin(path)
            report.remember(culprit: "another", runs: 4)
            Task(executorPreference: loop) { await Crash.sleep(on: loop, as: "/slow/{id}", request: "r-1") }
            Task(executorPreference: loop) {
                let slot = loop.underWay.begin("/broken/{id}", request: "r-2")
                // Resumed, it is still the same task.
                await loop.sleep(for: .milliseconds(20))
                Crash.fault()
                loop.underWay.end(slot)
            }
            loop.run()
        }
        let line = try Crash.line(at: path)
        let work = try #require(line["underWay"]?.array)
        #expect(work.map { $0["work"]?.string } == ["/slow/{id}", "/broken/{id}"])
        #expect(work.map { $0["request"]?.string } == ["r-1", "r-2"])
        #expect(work.map { $0["running"]?.bool } == [nil, true])
        #expect(line["signal"]?.string == "SIGSEGV" && line["level"]?.string == "error")
        #expect(line["culprit"]?.string == "/broken/{id}" && line["runs"]?.int64 == 1)
    }

    @Test func `a full stack is reported, and counted on from the run before`() async throws {
        let path = Crash.path("stack")
        await #expect(processExitsWith: .signal(SIGSEGV)) { [path = path as String] in
            let (loop, report) = try Crash.begin(path)
            report.remember(culprit: "endless", runs: 2)
            Task(executorPreference: loop) {
                let slot = loop.underWay.begin("endless")
                print(Crash.descend(1))
                loop.underWay.end(slot)
            }
            Crash.runOnAThread(loop)
            pause()
        }
        let line = try Crash.line(at: path)
        #expect(line["culprit"]?.string == "endless" && line["runs"]?.int64 == 3)
    }

    @Test func `ended work is not named, and work beyond the places is counted`() async throws {
        let path = Crash.path("places")
        await #expect(processExitsWith: .signal(SIGABRT)) { [path = path as String] in
            let (loop, _) = try Crash.begin(path)
            for number in 0..<40 {
                Task(executorPreference: loop) {
                    await Crash.sleep(on: loop, as: "work \(number)", for: number == 3 ? .zero : .seconds(600))
                }
            }
            Task(executorPreference: loop) {
                await loop.sleep(for: .milliseconds(20))
                abort()
            }
            loop.run()
        }
        let line = try Crash.line(at: path)
        let names = line["underWay"]?.array?.compactMap { $0["work"]?.string } ?? []
        #expect(names == (0..<32).filter { $0 != 3 }.map { "work \($0)" })
        #expect(line["unlisted"]?.int64 == 8 && line["culprit"] == nil)
    }

    @Test func `names are escaped, and a removed file is created again`() async throws {
        let path = Crash.path("names")
        await #expect(processExitsWith: .signal(SIGILL)) { [path = path as String] in
            let (loop, _) = try Crash.begin(path)
            unsafe unlink(path)
            let name = "\"\\\n\u{e9}" + String(repeating: "x", count: 200)
            Task(executorPreference: loop) {
                await Crash.sleep(on: loop, as: name, request: name)
            }
            Task(executorPreference: loop) { fatalError("on purpose") }
            loop.run()
        }
        let line = try Crash.line(at: path)
        let work = try #require(line["underWay"]?.array?.first)
        #expect(work["work"]?.string == "?????" + String(repeating: "x", count: 90))
        #expect(work["request"]?.string == "?????" + String(repeating: "x", count: 58))
    }
}

@Suite struct `The record of work under way` {
    /// A request takes some 100 µs, and noting it may take 1 % of that, also in a debug build.
    ///
    /// The best of many tries, since other processes take turns with this one.
    @Test func `noting a piece of work costs less than a microsecond`() throws {
        let loop = try EventLoop()
        let request = "01HF8Z0000000000"
        let best = (0..<200).map { _ in
            let start = ContinuousClock.now
            for _ in 0..<500 {
                loop.underWay.end(loop.underWay.begin("GET /api/v1/guilds/{guildId}/accounts", request: request))
            }
            return start.duration(to: .now) / 500
        }.min()
        #expect(try #require(best) < .microseconds(1))
    }
}
