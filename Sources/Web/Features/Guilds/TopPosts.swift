internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    /// The most viewed posts of the last 24 hours.
    mutating func topPosts(_ posts: Posts.Page, _ guild: GuildID) {
        let byViews = PagePath.posts.link(guild).asking([("sort", PostSort.views.rawValue)])
        let footer: Content = { $0.a(.href(byViews), text: "All posts, most viewed first") }
        card(CardTitle("top-posts", "Most viewed", remark: "posted in the last 24 hours"), footer: footer) { html in
            guard posts.count > 0 else {
                return html.emptyState(.posts, "No posts") { html in
                    html.text("No posts in the last 24 hours.")
                }
            }
            html.table { html in
                html.markup(
                    """
                    <thead><tr><th scope="col">Post</th><th scope="col" class="num">Views</th></tr></thead>
                    """)
                html.tbody { html in for index in 0..<posts.count { html.topPost(posts[index], guild) } }
            }
        }
    }

    private mutating func topPost(_ post: Posts.Post, _ guild: GuildID) {
        markup(#"<tr><th scope="row">"#)
        postLink(post)
        markup(#"<span class="sub"><a class="quiet" href=""#)
        accountAddress(post.account, guild)
        markup("\"><bdi>@")
        text(post.handle)
        markup("</bdi></a></span></th><td class=\"num\">")
        number(post.views)
        markup("</td></tr>")
    }
}
