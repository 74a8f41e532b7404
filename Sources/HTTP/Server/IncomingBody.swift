internal import Formats

/// The body of one request while it is received, within its own limit and the budget of all.
struct IncomingBody: ~Copyable {
    enum Refusal { case tooLarge(limit: Int), network, process }

    private(set) var bytes: [UInt8] = []
    private let policy: BodyPolicy
    private let budget: BodyBudget
    private var share: BodyBudget.Share
    private var reserved = 0
    private var digest: Digest?

    init(_ policy: BodyPolicy, _ budget: BodyBudget) {
        self.policy = policy
        self.budget = budget
        share = BodyBudget.Share(network: policy.network, isJudged: false)
        if policy.isDigested { digest = Digest() }
    }

    deinit { budget.release(reserved, for: share) }

    var limit: Int { policy.limit }

    /// The request was judged before any byte of its body came.
    mutating func admit() { share = BodyBudget.Share(network: policy.network, isJudged: true) }

    /// - Returns: why the bytes are not kept; nil if they are.
    mutating func receive(_ piece: UnsafeRawBufferPointer) -> Refusal? {
        if bytes.count + piece.count > policy.limit { return .tooLarge(limit: policy.limit) }
        switch budget.reserve(piece.count, for: share) {
        case .network: return .network
        case .process: return .process
        case nil: break
        }
        reserved += piece.count
        unsafe bytes += piece
        unsafe digest?.add(piece)
        return nil
    }

    /// SHA-256 of all bytes, if it is wanted.
    ///
    /// To be called once, when all bytes are there.
    mutating func finishDigest() -> [UInt8]? { digest.take()?.finish() }
}
