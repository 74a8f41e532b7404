internal import Formats

/// The elements that the pages use. Each takes its attributes first, then its content: markup or plain text.
extension HTML {
    package mutating func main(_ attributes: Attribute..., content: Content) { element("main", attributes, content) }
    package mutating func header(_ attributes: Attribute..., content: Content) {
        element("header", attributes, content)
    }
    package mutating func footer(_ attributes: Attribute..., content: Content) {
        element("footer", attributes, content)
    }
    package mutating func nav(_ attributes: Attribute..., content: Content) { element("nav", attributes, content) }
    package mutating func section(_ attributes: Attribute..., content: Content) {
        element("section", attributes, content)
    }
    package mutating func article(_ attributes: Attribute..., content: Content) {
        element("article", attributes, content)
    }
    package mutating func aside(_ attributes: Attribute..., content: Content) { element("aside", attributes, content) }
    package mutating func div(_ attributes: Attribute..., content: Content) { element("div", attributes, content) }
    package mutating func span(_ attributes: Attribute..., content: Content) { element("span", attributes, content) }
    package mutating func p(_ attributes: Attribute..., content: Content) { element("p", attributes, content) }
    package mutating func h1(_ attributes: Attribute..., content: Content) { element("h1", attributes, content) }
    package mutating func h2(_ attributes: Attribute..., content: Content) { element("h2", attributes, content) }
    package mutating func h3(_ attributes: Attribute..., content: Content) { element("h3", attributes, content) }
    package mutating func h4(_ attributes: Attribute..., content: Content) { element("h4", attributes, content) }
    package mutating func ul(_ attributes: Attribute..., content: Content) { element("ul", attributes, content) }
    package mutating func ol(_ attributes: Attribute..., content: Content) { element("ol", attributes, content) }
    package mutating func li(_ attributes: Attribute..., content: Content) { element("li", attributes, content) }
    package mutating func dl(_ attributes: Attribute..., content: Content) { element("dl", attributes, content) }
    package mutating func dt(_ attributes: Attribute..., content: Content) { element("dt", attributes, content) }
    package mutating func dd(_ attributes: Attribute..., content: Content) { element("dd", attributes, content) }
    package mutating func a(_ attributes: Attribute..., content: Content) { element("a", attributes, content) }
    package mutating func strong(_ attributes: Attribute..., content: Content) {
        element("strong", attributes, content)
    }
    package mutating func em(_ attributes: Attribute..., content: Content) { element("em", attributes, content) }
    package mutating func small(_ attributes: Attribute..., content: Content) { element("small", attributes, content) }
    package mutating func code(_ attributes: Attribute..., content: Content) { element("code", attributes, content) }
    package mutating func pre(_ attributes: Attribute..., content: Content) { element("pre", attributes, content) }
    package mutating func abbr(_ attributes: Attribute..., content: Content) { element("abbr", attributes, content) }
    package mutating func time(_ attributes: Attribute..., content: Content) { element("time", attributes, content) }
    package mutating func table(_ attributes: Attribute..., content: Content) { element("table", attributes, content) }
    package mutating func thead(_ attributes: Attribute..., content: Content) { element("thead", attributes, content) }
    package mutating func tbody(_ attributes: Attribute..., content: Content) { element("tbody", attributes, content) }
    package mutating func tr(_ attributes: Attribute..., content: Content) { element("tr", attributes, content) }
    package mutating func th(_ attributes: Attribute..., content: Content) { element("th", attributes, content) }
    package mutating func td(_ attributes: Attribute..., content: Content) { element("td", attributes, content) }
    package mutating func caption(_ attributes: Attribute..., content: Content) {
        element("caption", attributes, content)
    }
    package mutating func form(_ attributes: Attribute..., content: Content) { element("form", attributes, content) }
    package mutating func label(_ attributes: Attribute..., content: Content) { element("label", attributes, content) }
    package mutating func button(_ attributes: Attribute..., content: Content) {
        element("button", attributes, content)
    }
    package mutating func select(_ attributes: Attribute..., content: Content) {
        element("select", attributes, content)
    }
    package mutating func option(_ attributes: Attribute..., content: Content) {
        element("option", attributes, content)
    }
    package mutating func fieldset(_ attributes: Attribute..., content: Content) {
        element("fieldset", attributes, content)
    }
    package mutating func legend(_ attributes: Attribute..., content: Content) {
        element("legend", attributes, content)
    }
    package mutating func details(_ attributes: Attribute..., content: Content) {
        element("details", attributes, content)
    }
    package mutating func summary(_ attributes: Attribute..., content: Content) {
        element("summary", attributes, content)
    }
    package mutating func figure(_ attributes: Attribute..., content: Content) {
        element("figure", attributes, content)
    }
    package mutating func figcaption(_ attributes: Attribute..., content: Content) {
        element("figcaption", attributes, content)
    }
    package mutating func svg(_ attributes: Attribute..., content: Content) { element("svg", attributes, content) }
    package mutating func g(_ attributes: Attribute..., content: Content) { element("g", attributes, content) }
    package mutating func dialog(_ attributes: Attribute..., content: Content) {
        element("dialog", attributes, content)
    }
    package mutating func template(_ attributes: Attribute..., content: Content) {
        element("template", attributes, content)
    }
    package mutating func output(_ attributes: Attribute..., content: Content) {
        element("output", attributes, content)
    }
    package mutating func textarea(_ attributes: Attribute..., content: Content) {
        element("textarea", attributes, content)
    }

    package mutating func p(_ attributes: Attribute..., text: String) { element("p", attributes) { $0.text(text) } }
    package mutating func h1(_ attributes: Attribute..., text: String) { element("h1", attributes) { $0.text(text) } }
    package mutating func h2(_ attributes: Attribute..., text: String) { element("h2", attributes) { $0.text(text) } }
    package mutating func h3(_ attributes: Attribute..., text: String) { element("h3", attributes) { $0.text(text) } }
    package mutating func h4(_ attributes: Attribute..., text: String) { element("h4", attributes) { $0.text(text) } }
    package mutating func li(_ attributes: Attribute..., text: String) { element("li", attributes) { $0.text(text) } }
    package mutating func dt(_ attributes: Attribute..., text: String) { element("dt", attributes) { $0.text(text) } }
    package mutating func dd(_ attributes: Attribute..., text: String) { element("dd", attributes) { $0.text(text) } }
    package mutating func span(_ attributes: Attribute..., text: String) {
        element("span", attributes) { $0.text(text) }
    }
    package mutating func strong(_ attributes: Attribute..., text: String) {
        element("strong", attributes) { $0.text(text) }
    }
    package mutating func em(_ attributes: Attribute..., text: String) { element("em", attributes) { $0.text(text) } }
    package mutating func small(_ attributes: Attribute..., text: String) {
        element("small", attributes) { $0.text(text) }
    }
    package mutating func code(_ attributes: Attribute..., text: String) {
        element("code", attributes) { $0.text(text) }
    }
    package mutating func a(_ attributes: Attribute..., text: String) { element("a", attributes) { $0.text(text) } }
    package mutating func th(_ attributes: Attribute..., text: String) { element("th", attributes) { $0.text(text) } }
    package mutating func td(_ attributes: Attribute..., text: String) { element("td", attributes) { $0.text(text) } }
    package mutating func label(_ attributes: Attribute..., text: String) {
        element("label", attributes) { $0.text(text) }
    }
    package mutating func legend(_ attributes: Attribute..., text: String) {
        element("legend", attributes) { $0.text(text) }
    }
    package mutating func caption(_ attributes: Attribute..., text: String) {
        element("caption", attributes) { $0.text(text) }
    }
    package mutating func button(_ attributes: Attribute..., text: String) {
        element("button", attributes) { $0.text(text) }
    }
    package mutating func summary(_ attributes: Attribute..., text: String) {
        element("summary", attributes) { $0.text(text) }
    }
    package mutating func figcaption(_ attributes: Attribute..., text: String) {
        element("figcaption", attributes) { $0.text(text) }
    }
    package mutating func time(_ attributes: Attribute..., text: String) {
        element("time", attributes) { $0.text(text) }
    }
    package mutating func abbr(_ attributes: Attribute..., text: String) {
        element("abbr", attributes) { $0.text(text) }
    }
    package mutating func option(_ attributes: Attribute..., text: String) {
        element("option", attributes) { $0.text(text) }
    }

    package mutating func input(_ attributes: Attribute...) { void("input", attributes) }
    package mutating func img(_ attributes: Attribute...) { void("img", attributes) }
    package mutating func hr(_ attributes: Attribute...) { void("hr", attributes) }
    package mutating func br(_ attributes: Attribute...) { void("br", attributes) }
    package mutating func path(_ attributes: Attribute...) { shape("path", attributes) }
    package mutating func rect(_ attributes: Attribute...) { shape("rect", attributes) }
    package mutating func line(_ attributes: Attribute...) { shape("line", attributes) }
    package mutating func circle(_ attributes: Attribute...) { shape("circle", attributes) }
    package mutating func polyline(_ attributes: Attribute...) { shape("polyline", attributes) }
}
