/// The body of one request while it is received.
///
/// It is bounded by its own limit and by the shared budget.
struct IncomingBody: ~Copyable {
    enum Refusal { case tooLarge(limit: Int), network, process }

    private(set) var bytes: [UInt8] = []
    private let policy: BodyPolicy
    private let budget: BodyBudget
    private var reserved = 0
    private var digest: Digest?

    init(_ policy: BodyPolicy, _ budget: BodyBudget) {
        self.policy = policy
        self.budget = budget
        if policy.isDigested { digest = Digest() }
    }

    deinit { budget.release(reserved, for: policy.network) }

    var limit: Int { policy.limit }

    /// - Returns: the reason why the bytes are not kept; nil if they are.
    mutating func receive(_ piece: UnsafeRawBufferPointer) -> Refusal? {
        if bytes.count + piece.count > policy.limit { return .tooLarge(limit: policy.limit) }
        switch budget.reserve(piece.count, for: policy.network) {
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
