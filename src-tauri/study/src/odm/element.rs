//! XML while it is made: a small tree, written once, with escapes that survive every reader.

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event, attributes::Attribute},
};

/// An element with its attributes in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    inside: Inside,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Inside {
    Elements(Vec<Element>),
    Text(String),
}

impl Element {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            inside: Inside::Elements(Vec::new()),
        }
    }

    /// An element that holds text alone.
    pub(crate) fn text(name: &'static str, text: &str) -> Self {
        Self {
            inside: Inside::Text(text.to_owned()),
            ..Self::new(name)
        }
    }

    pub(crate) fn with(mut self, attribute: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((attribute, value.into()));
        self
    }

    pub(crate) fn with_some(self, attribute: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(attribute, value),
            None => self,
        }
    }

    pub(crate) fn add(&mut self, element: Self) {
        if let Inside::Elements(elements) = &mut self.inside {
            elements.push(element);
        }
    }

    pub(crate) fn holding(mut self, elements: impl IntoIterator<Item = Self>) -> Self {
        for element in elements {
            self.add(element);
        }
        self
    }

    /// The whole file.
    ///
    /// # Errors
    /// What the writer says; memory does not fail to be written to.
    pub(crate) fn file(&self) -> std::io::Result<String> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.write(&mut writer)?;
        let mut bytes = writer.into_inner();
        bytes.push(b'\n');
        String::from_utf8(bytes).map_err(std::io::Error::other)
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        let mut start = BytesStart::new(self.name);
        for (name, value) in &self.attributes {
            start.push_attribute(Attribute {
                key: quick_xml::name::QName(name.as_bytes()),
                value: escaped(value, true).into_bytes().into(),
            });
        }
        match &self.inside {
            Inside::Elements(elements) if elements.is_empty() => writer.write_event(Event::Empty(start)),
            Inside::Elements(elements) => {
                writer.write_event(Event::Start(start))?;
                for element in elements {
                    element.write(writer)?;
                }
                writer.write_event(Event::End(BytesEnd::new(self.name)))
            }
            Inside::Text(text) => {
                writer.write_event(Event::Start(start))?;
                writer.write_event(Event::Text(BytesText::from_escaped(escaped(text, false))))?;
                writer.write_event(Event::End(BytesEnd::new(self.name)))
            }
        }
    }
}

/// Escaped so that line ends and tabs survive where a reader would turn them into spaces. What XML 1.0 cannot hold at
/// all stands as U+FFFD.
fn escaped(text: &str, attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' | '\t' if attribute => out.push_str(&format!("&#{};", u32::from(c))),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let odd = "a<b & \"c\"\r\n\td \u{1F600} 头";
        let file = Element::new("R")
            .with("a", odd)
            .holding([Element::text("T", odd), Element::new("E")])
            .file()
            .unwrap();
        let read = roxmltree::Document::parse(&file).unwrap();
        assert_eq!(read.root_element().attribute("a"), Some(odd));
        let text = read.descendants().find(|node| node.has_tag_name("T")).unwrap();
        assert_eq!(text.text(), Some(odd));
        assert_eq!(escaped("\u{1}\u{ffff}", false), "\u{fffd}\u{fffd}");
    }
}
