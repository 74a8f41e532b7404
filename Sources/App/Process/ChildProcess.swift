internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP

/// A child process.
struct ChildProcess {
    let identifier: pid_t

    /// Starts a program in its own process group, so that Ctrl-C reaches only this process, which then ends its
    /// children in order.
    ///
    /// Its output goes to the file, or to this process's output; the descriptor is for standard output only.
    ///
    /// - Throws: `SystemError` if it cannot be started.
    static func start(
        _ program: String, _ arguments: [String], environment: [String: String], output: String? = nil,
        standardOutput: Int32? = nil
    ) throws(SystemError) -> ChildProcess {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        if let output {
            unsafe posix_spawn_file_actions_addopen(
                &actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            unsafe posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        }
        if let standardOutput {
            unsafe posix_spawn_file_actions_adddup2(&actions, standardOutput, STDOUT_FILENO)
        }
        var identifier: pid_t = 0
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let result = unsafe withCStrings([program] + arguments) { argv in
            unsafe withCStrings(variables) { envp in
                unsafe posix_spawnp(&identifier, program, &actions, &attributes, argv, envp)
            }
        }
        guard result == 0 else { throw SystemError("starting \(program)", code: result) }
        return ChildProcess(identifier: identifier)
    }

    /// The same for a program path.
    ///
    /// The program gets SIGTERM when the thread that started it ends, even by `kill -9`.
    static func startBound(
        _ program: String, _ arguments: [String], environment: [String: String], output: String? = nil
    ) throws(SystemError) -> ChildProcess {
        // The started program is `setpriv`, which would find a missing program only later.
        guard unsafe access(program, X_OK) == 0 else { throw SystemError("starting \(program)") }
        return try start(
            "/usr/bin/setpriv", ["--pdeathsig", "TERM", "--", program] + arguments, environment: environment,
            output: output)
    }

    /// Waits for the exit.
    ///
    /// - Returns: the exit code, or 128 and the signal.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return Self.code(status)
    }

    /// Waits for the exit, or for an interruption of the command: then sends the signal, and kills the program after 10
    /// seconds.
    ///
    /// - Returns: the exit code; after an interruption the command's own, regardless of the program's.
    func wait(_ interruption: Interruption, endingBy number: Int32) -> Int32 {
        while true {
            if let code = poll() { return code }
            guard interruption.isAsked(within: .milliseconds(20)) else { continue }
            signal(number)
            wait(orKillAfter: .seconds(10))
            return interruption.exitCode ?? ExitCode.failed
        }
    }

    /// Waits for the exit, and kills the process after the limit.
    func wait(orKillAfter limit: Duration) {
        let deadline = ContinuousClock.now + limit
        while poll() == nil {
            guard ContinuousClock.now < deadline else {
                signal(SIGKILL)
                wait()
                return
            }
            usleep(20_000)
        }
    }

    /// The exit code if it has ended.
    func poll() -> Int32? {
        var status: Int32 = 0
        return unsafe waitpid(identifier, &status, WNOHANG) == identifier ? Self.code(status) : nil
    }

    func signal(_ number: Int32) { kill(identifier, number) }

    private static func code(_ status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }
}

private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { fatalError("an array with an element has no address") }
        return unsafe body(base)
    }
}
