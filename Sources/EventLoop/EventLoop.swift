internal import Glibc
internal import Synchronization

/// One thread that waits for descriptors, timers and jobs, and runs Swift tasks.
///
/// It is the `TaskExecutor` of its requests: an `async` handler runs, waits for its query and responds without leaving
/// the thread. Everything it owns is used on that thread only. Other threads may call only `execute` and `stop`.
@safe package final class EventLoop: TaskExecutor, @unchecked Sendable {
    private let epoll: Epoll
    private let remote = Mutex<[UnownedJob]>([])
    private let isAwake = Atomic<Bool>(false)
    private let isStopping = Atomic<Bool>(false)
    private var thread = pthread_t()
    private var isRunning = false
    private var local: [UnownedJob] = []
    private var batch: [UnownedJob] = []
    private var watches = WatchTable()
    private var timers = TimerQueue()
    private var pollers: [any Poller] = []
    private var beforeWaiting: [() -> Void] = []
    /// For crash reports.
    package let underWay = UnderWay()

    /// The clock of the loop's timers.
    ///
    /// `sleep` and `schedule` go by it, so code on the loop that measures time should, too.
    package let clock: SteadyClock

    /// - Throws: `SystemError` if the process has no descriptors left.
    package init(clock: SteadyClock = .system) throws(SystemError) {
        self.clock = clock
        epoll = try Epoll()
    }

    package var now: ContinuousClock.Instant { clock.now }

    /// True if the caller is on the loop's own thread.
    package var isCurrent: Bool { isRunning && pthread_equal(pthread_self(), thread) != 0 }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            local.append(job)
            return
        }
        remote.withLock { $0.append(job) }
        wake()
    }

    /// Queues a closure to run on the loop.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        Task(executorPreference: self) { body() }
    }

    /// Ends `run` after the jobs that are queued now.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        wake()
    }

    private func wake() {
        guard !isAwake.exchange(true, ordering: .acquiringAndReleasing) else { return }
        epoll.wake()
    }

    // MARK: On the loop's thread

    /// Runs until `stop`.
    ///
    /// Blocks the calling thread, which becomes the loop's own.
    package func run() {
        thread = pthread_self()
        isRunning = true
        let stack = SignalStack()
        defer { _ = stack }
        underWay.enterThread()
        drainJobs()
        while !isStopping.load(ordering: .acquiring) {
            for action in beforeWaiting { action() }
            let count = epoll.wait(milliseconds: timeoutMilliseconds())
            for index in 0..<count { dispatch(index) }
            runTimers()
            drainJobs()
            runPollers()
        }
        drainJobs()
        for action in beforeWaiting { action() }
    }

    private func dispatch(_ index: Int) {
        let (tag, readiness) = epoll.event(index)
        guard tag != Epoll.wakeUpTag else {
            epoll.clearWakeUp()
            isAwake.store(false, ordering: .releasing)
            return
        }
        watches.watcher(for: tag)?.ready(readiness)
    }

    private func runTimers() {
        let now = clock.now
        while let action = timers.popDue(at: now) { action() }
    }

    private func drainJobs() {
        while true {
            let arrived = remote.withLock { queue in
                let jobs = queue
                if !jobs.isEmpty { queue.removeAll(keepingCapacity: true) }
                return jobs
            }
            local.append(contentsOf: arrived)
            if local.isEmpty { return }
            swap(&local, &batch)
            for index in batch.indices {
                underWay.run(batch[index])
                unsafe batch[index].runSynchronously(on: asUnownedTaskExecutor())
            }
            underWay.run(nil)
            batch.removeAll(keepingCapacity: true)
        }
    }

    /// Pollers add jobs, and jobs add work for pollers.
    ///
    /// Alternate until neither has any.
    private func runPollers() {
        var again = true
        while again {
            again = false
            for poller in pollers where poller.hasWork {
                poller.poll()
                again = true
            }
            drainJobs()
        }
    }

    private func timeoutMilliseconds() -> Int32 {
        if !local.isEmpty || pollers.contains(where: \.hasWork) { return 0 }
        var timeout = timers.millisecondsUntilNext(from: clock.now) ?? 60_000
        for poller in pollers { timeout = min(timeout, poller.timeoutMilliseconds ?? timeout) }
        return Int32(clamping: timeout)
    }

    /// Calls `watcher` whenever the descriptor is ready; level-triggered.
    ///
    /// - Throws: `SystemError` if the descriptor cannot be watched.
    package func watch(_ descriptor: Int32, for interest: Readiness, _ watcher: any Watcher) throws(SystemError)
        -> WatchToken
    {
        let token = watches.add(watcher, descriptor: descriptor)
        guard epoll.add(descriptor, for: interest, tag: token.tag) else {
            watches.remove(token)
            throw SystemError("epoll_ctl")
        }
        return token
    }

    package func change(_ token: WatchToken, to interest: Readiness) {
        guard let descriptor = watches.descriptor(of: token) else { return }
        epoll.change(descriptor, to: interest, tag: token.tag)
    }

    /// Call before the descriptor is closed.
    package func unwatch(_ token: WatchToken) {
        guard let descriptor = watches.descriptor(of: token) else { return }
        epoll.remove(descriptor)
        watches.remove(token)
    }

    package func add(_ poller: any Poller) { pollers.append(poller) }

    package func remove(_ poller: any Poller) { pollers.removeAll { $0 === poller } }

    /// Runs before every wait, after all work of a turn, for example to write buffered output.
    package func onIdle(_ action: @escaping () -> Void) { beforeWaiting.append(action) }

    /// Runs a closure once after a delay, unless the returned timer is cancelled before.
    @discardableResult
    package func schedule(after delay: Duration, _ action: @escaping () -> Void) -> LoopTimer {
        timers.add(at: clock.now + delay, action)
    }
}
