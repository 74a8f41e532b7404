import Domain
import Formats
import Testing

@Suite struct `Problems of a server` {
    static func facts(_ change: (inout ServerFacts) -> Void) -> ServerFacts {
        var facts = ServerFacts()
        facts.listAge = 60
        change(&facts)
        return facts
    }

    static func kinds(_ change: (inout ServerFacts) -> Void) -> [ServerProblem.Kind] {
        facts(change).problems.map(\.kind)
    }

    @Test func `are empty if nothing is wrong`() { #expect(Self.kinds { _ in } == []) }

    @Test(
        arguments: [
            (BotState.online, true, []), (.degraded, true, [.botDegraded]), (.offline, true, [.botOffline]),
            (.unknown, true, []), (.unknown, false, [.botNeverSeen]),
        ] as [(BotState, Bool, [ServerProblem.Kind])])
    func `report the bot's state`(state: BotState, isSeen: Bool, kinds: [ServerProblem.Kind]) {
        #expect(Self.kinds { ($0.bot, $0.isBotSeen) = (state, isSeen) } == kinds)
        #expect(Self.kinds { ($0.bot, $0.isBotSeen, $0.hasBotLeft) = (state, isSeen, true) } == [.botLeft])
    }

    @Test(
        arguments: [
            (AccountStatus.active, nil), (.paused, nil), (.private, .accountsPrivate), (.suspended, .accountsSuspended),
            (.notFound, .accountsNotFound), (.error, .accountsFailing),
        ] as [(AccountStatus, ServerProblem.Kind?)])
    func `count accounts except active and paused ones`(status: AccountStatus, kind: ServerProblem.Kind?) {
        let problems = Self.facts { $0.accounts = [status: 3] }.problems
        #expect(problems == (kind.map { [ServerProblem($0, 3)] } ?? []))
    }

    @Test(
        arguments: [(true, true, []), (true, false, [.webhookMissing]), (false, false, []), (false, true, [])]
            as [(Bool, Bool, [ServerProblem.Kind])])
    func `report a missing webhook only if messages are enabled`(wants: Bool, has: Bool, kinds: [ServerProblem.Kind]) {
        #expect(Self.kinds { ($0.wantsMessages, $0.hasWebhook) = (wants, has) } == kinds)
    }

    @Test(
        arguments: [
            (nil, false, true), (60, false, false), (86_400, false, false), (86_401, false, true), (60, true, true),
        ]
            as [(Int64?, Bool, Bool)])
    func `report an old list of Discord's`(age: Int64?, isRefused: Bool, isStale: Bool) {
        #expect(Self.kinds { ($0.listAge, $0.isListRefused) = (age, isRefused) } == (isStale ? [.listStale] : []))
    }

    @Test func `have the worst first`() {
        let problems = Self.facts { facts in
            (facts.emptyGroups, facts.unusedKeys, facts.endingKeys, facts.silentAccounts) = (1, 2, 3, 4)
            (facts.bot, facts.accounts) = (.offline, [.notFound: 1, .error: 1])
        }.problems
        #expect(
            problems.map(\.kind) == [
                .botOffline, .accountsNotFound, .accountsFailing, .accountsSilent, .keysEnding, .groupsEmpty,
                .keysUnused,
            ])
    }

    @Test func `do not wait for data while tracking is off`() {
        #expect(Self.kinds { ($0.silentAccounts, $0.trackingEnabled) = (4, false) } == [.trackingOff])
    }
}
