//! One TOML file while it is written.

use crate::text::Text;

/// Lines of a file.
#[derive(Default)]
pub(crate) struct Page(String);

impl Page {
    /// A page that begins with what it is.
    pub(crate) fn headed(comment: &str) -> Self {
        let mut page = Self::default();
        page.comment(comment);
        page
    }

    pub(crate) fn comment(&mut self, text: &str) {
        // A comment ends with its line, and control characters may not stand in it.
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.0.push_str(&format!("# {}\n", line.trim_end()));
    }

    pub(crate) fn entry(&mut self, name: &str) {
        self.0.push_str(&format!("\n[[{name}]]\n"));
    }

    pub(crate) fn text(&mut self, key: &str, text: &str) {
        self.line(key, &quoted(text));
    }

    pub(crate) fn both(&mut self, key: &str, text: &Text) {
        self.line(
            key,
            &format!("{{ en = {}, zh = {} }}", quoted(&text.en), quoted(&text.zh)),
        );
    }

    pub(crate) fn texts<'t>(&mut self, key: &str, texts: impl IntoIterator<Item = &'t str>) {
        let quoted: Vec<String> = texts.into_iter().map(quoted).collect();
        self.line(key, &format!("[{}]", quoted.join(", ")));
    }

    /// A table of texts.
    pub(crate) fn pairs(&mut self, key: &str, pairs: &[(String, String)]) {
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, of)| format!("{} = {}", quoted(name), quoted(of)))
            .collect();
        self.line(key, &format!("{{ {} }}", pairs.join(", ")));
    }

    /// A number or a truth value, as it is.
    pub(crate) fn bare(&mut self, key: &str, value: impl std::fmt::Display) {
        self.line(key, &value.to_string());
    }

    /// A flag, only where it is set.
    pub(crate) fn flag(&mut self, key: &str, set: bool) {
        if set {
            self.line(key, "true");
        }
    }

    pub(crate) fn line(&mut self, key: &str, value: &str) {
        self.0.push_str(&format!("{key} = {value}\n"));
    }

    pub(crate) fn raw(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    pub(crate) fn done(self) -> String {
        self.0
    }
}

/// A basic string of TOML.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
