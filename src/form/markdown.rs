//! The little Markdown of notices and introductions: paragraphs, lists, **bold** and links. Everything
//! is escaped first; a link goes to `http`, `https` or a path of this site, else it stays text.

use std::fmt::Write;

/// Safe HTML of a text. `- ` or `* ` begins a line of a list, a blank line separates paragraphs.
pub fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    let mut paragraph: Vec<&str> = Vec::new();
    let mut list: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).chain([""]) {
        let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
        if let Some(item) = item {
            end_paragraph(&mut html, &mut paragraph);
            list.push(item.to_owned());
        } else if line.is_empty() {
            end_list(&mut html, &mut list);
            end_paragraph(&mut html, &mut paragraph);
        } else if let Some(item) = list.last_mut() {
            // A line that goes on under an item belongs to it.
            item.push(' ');
            item.push_str(line);
        } else {
            paragraph.push(line);
        }
    }
    html
}

fn end_paragraph(html: &mut String, lines: &mut Vec<&str>) {
    if !lines.is_empty() {
        let _ = write!(html, "<p>{}</p>", inline(&lines.join(" ")));
        lines.clear();
    }
}

fn end_list(html: &mut String, items: &mut Vec<String>) {
    if !items.is_empty() {
        html.push_str("<ul>");
        for item in items.drain(..) {
            let _ = write!(html, "<li>{}</li>", inline(&item));
        }
        html.push_str("</ul>");
    }
}

/// Bold and links of one run of text.
fn inline(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(place) = rest.find(['*', '[']) {
        let (before, here) = rest.split_at(place);
        escape(&mut html, before);
        rest = if let Some((inside, after)) = bold(here) {
            let _ = write!(html, "<strong>{}</strong>", inline(inside));
            after
        } else if let Some((words, target, after)) = link(here) {
            html.push_str("<a href=\"");
            escape(&mut html, target);
            let _ = write!(html, "\">{}</a>", inline(words));
            after
        } else {
            let (mark, after) = here.split_at(1);
            html.push_str(mark);
            after
        };
    }
    escape(&mut html, rest);
    html
}

fn bold(text: &str) -> Option<(&str, &str)> {
    let (inside, after) = text.strip_prefix("**")?.split_once("**")?;
    (!inside.trim().is_empty()).then_some((inside, after))
}

fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    let safe = is_safe(target) && !words.contains('[') && !words.trim().is_empty();
    safe.then_some((words, target, after))
}

/// An address that runs no script and leaves no doubt: the web, or a path of this site.
fn is_safe(target: &str) -> bool {
    let web = target.starts_with("https://") || target.starts_with("http://");
    let path = target.starts_with('/') && !target.starts_with("//");
    (web || path) && !target.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\')
}

fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn paragraphs_lists_bold_and_links_are_drawn() {
        let html = to_html(
            "Bonjour **vous**,\nvoici\u{a0}:\n\n- un\n  suite\n- [deux](/demarches)\n\nFin.",
        );
        assert_eq!(
            html,
            "<p>Bonjour <strong>vous</strong>, voici\u{a0}:</p><ul><li>un suite</li>\
             <li><a href=\"/demarches\">deux</a></li></ul><p>Fin.</p>"
        );
    }

    #[test]
    fn nothing_typed_becomes_html_or_script() {
        let html = to_html("<script>1</script> [x](javascript:alert(1)) [y](//evil) [z](/a\"b) **");
        assert!(!html.contains("<script"));
        assert!(!html.contains("href=\"javascript") && !html.contains("href=\"//"));
        assert!(html.contains("href=\"/a&quot;b\""));
    }

    #[test]
    fn a_text_of_marks_alone_comes_to_an_end() {
        for text in ["", "***", "[[[", "**a", "[a](", "- ", "[]()", "****"] {
            let _ = to_html(text);
        }
        assert_eq!(to_html("2 * 3"), "<p>2 * 3</p>");
    }
}
