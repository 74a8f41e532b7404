/// A number that a platform counts for a post.
package enum PostMetric: String, CaseIterable, Sendable {
    case views, likes, comments, shares

    package var label: String {
        switch self {
        case .views: "Views"
        case .likes: "Likes"
        case .comments: "Comments"
        case .shares: "Shares"
        }
    }
}
