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

/// The metrics of one post at one time.
package struct PostMetrics: Hashable, Sendable {
    package let views, likes, comments, shares: Int64

    package init(views: Int64, likes: Int64, comments: Int64, shares: Int64) {
        self.views = views
        self.likes = likes
        self.comments = comments
        self.shares = shares
    }

    package subscript(metric: PostMetric) -> Int64 {
        switch metric {
        case .views: views
        case .likes: likes
        case .comments: comments
        case .shares: shares
        }
    }

    /// (likes + comments + shares) / views; nil for a post that nobody viewed.
    package var engagementRate: Double? {
        views > 0 ? (Double(likes) + Double(comments) + Double(shares)) / Double(views) : nil
    }
}
