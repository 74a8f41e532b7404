internal import Formats

/// The body of one request while it is received.
///
/// It is bounded by its own limit and by the shared budget.
struct IncomingBody: ~Copyable {
    enum Refusal: Equatable { case tooLarge(limit: Int), network, process }

    private(set) var bytes: [UInt8] = []
    private let policy: BodyPolicy
    private let budget: BodyBudget
    private var share: BodyBudget.Share
    private var reserved = 0
    private var digest: Digest?

    init(_ policy: BodyPolicy, _ budget: BodyBudget) {
        self.policy = policy
        self.budget = budget
        share = BodyBudget.Share(network: policy.network, isJudged: policy.isOfKnown)
        if policy.isDigested { digest = Digest() }
    }

    deinit { budget.release(reserved, for: share) }

    var limit: Int { policy.limit }

    /// Bytes of all bodies of the network that share a limit with this one.
    var limitOfNetwork: Int { budget.limit(of: share) }

    /// The request was judged before any byte of its body came.
    mutating func admit() { share = BodyBudget.Share(network: policy.network, isJudged: true) }

    /// - Returns: the reason why the bytes are not kept; nil if they are.
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

    /// SHA-256 of all bytes, if the policy asks for it.
    ///
    /// Call once, when the body is complete.
    mutating func finishDigest() -> [UInt8]? { digest.take()?.finish() }
}
