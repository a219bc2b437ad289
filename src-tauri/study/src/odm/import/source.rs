//! Somebody's file while it is read: every element and attribute that was asked for is remembered, so that what nobody
//! asked for can be counted.

use std::{cell::RefCell, collections::HashSet};

use roxmltree::{Document, Node, NodeId, ParsingOptions};

use crate::odm::{
    OURS,
    import::{
        Options, Unreadable,
        report::{Note, NoteCode, Report},
    },
};

/// Largest file, bytes.
const LARGEST: usize = 32 << 20;
/// Most elements, texts and comments.
const NODES: u32 = 2_000_000;

/// The text of a file in the encoding that it declares: by its mark, else by its declaration, else UTF-8.
pub(crate) fn decoded(bytes: &[u8]) -> Result<String, Unreadable> {
    if bytes.len() > LARGEST {
        return Err(Unreadable::TooLarge {
            bytes: bytes.len(),
            most: LARGEST,
        });
    }
    let marked = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    // Without a mark, sixteen-bit text still shows itself by how `<` is written.
    let bare = match bytes {
        [b'<', 0, ..] => Some(encoding_rs::UTF_16LE),
        [0, b'<', ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    let encoding = match marked.or(bare) {
        Some(encoding) => encoding,
        None => declared(bytes)?,
    };
    let (text, _, broken) = encoding.decode(bytes);
    if broken {
        return Err(Unreadable::Encoding(encoding.name().to_owned()));
    }
    Ok(text.into_owned())
}

/// The encoding that `<?xml … encoding="…"?>` names.
fn declared(bytes: &[u8]) -> Result<&'static encoding_rs::Encoding, Unreadable> {
    let head = bytes.get(..bytes.len().min(200)).unwrap_or(bytes);
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    let declaration = head.split("?>").next().filter(|head| head.starts_with("<?xml"));
    let label = declaration
        .and_then(|head| head.split("encoding").nth(1))
        .and_then(|rest| rest.trim_start().strip_prefix('='))
        .and_then(|rest| {
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            rest.get(1..)?.split(quote).next()
        });
    match label {
        None => Ok(encoding_rs::UTF_8),
        Some(label) => {
            encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| Unreadable::Encoding(label.to_owned()))
        }
    }
}

/// Parses without document types: no entities but the five of XML, nothing fetched.
pub(crate) fn parsed(text: &str) -> Result<Document<'_>, Unreadable> {
    let options = ParsingOptions {
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|fault| {
        if fault == roxmltree::Error::DtdDetected {
            Unreadable::DocumentType
        } else if fault == roxmltree::Error::NodesLimitReached {
            Unreadable::TooMany { most: NODES }
        } else {
            Unreadable::Xml {
                line: fault.pos().row,
                column: fault.pos().col,
                message: fault.to_string(),
            }
        }
    })
}

/// The file, what was asked of it, and what was found out about it.
pub(crate) struct Source<'x> {
    doc: &'x Document<'x>,
    space: Option<&'x str>,
    pub(crate) options: &'x Options,
    asked: RefCell<HashSet<(NodeId, &'x str)>>,
    pub(crate) report: RefCell<Report>,
}

impl<'x> Source<'x> {
    pub(crate) fn new(doc: &'x Document<'x>, space: Option<&'x str>, options: &'x Options) -> Self {
        Self {
            doc,
            space,
            options,
            asked: RefCell::default(),
            report: RefCell::default(),
        }
    }

    pub(crate) fn root(&self) -> Node<'x, 'x> {
        let root = self.doc.root_element();
        self.asked.borrow_mut().insert((root.id(), ""));
        root
    }

    /// Children of a name in the namespace of the file.
    pub(crate) fn children(&self, node: Node<'x, 'x>, name: &str) -> Vec<Node<'x, 'x>> {
        let found: Vec<Node<'x, 'x>> = node
            .children()
            .filter(|child| child.is_element() && child.tag_name().name() == name)
            .filter(|child| child.tag_name().namespace() == self.space)
            .collect();
        let mut asked = self.asked.borrow_mut();
        asked.extend(found.iter().map(|child| (child.id(), "")));
        found
    }

    /// The first child of a name.
    pub(crate) fn child(&self, node: Node<'x, 'x>, name: &str) -> Option<Node<'x, 'x>> {
        self.children(node, name).into_iter().next()
    }

    /// An attribute without the blanks around it; none when it is empty.
    pub(crate) fn attribute(&self, node: Node<'x, 'x>, name: &'static str) -> Option<&'x str> {
        self.asked.borrow_mut().insert((node.id(), name));
        node.attribute(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// An attribute exactly as written.
    pub(crate) fn exact(&self, node: Node<'x, 'x>, name: &'static str) -> Option<&'x str> {
        self.asked.borrow_mut().insert((node.id(), name));
        node.attribute(name)
    }

    /// The text of a child, without the blanks around it.
    pub(crate) fn text(&self, node: Node<'x, 'x>, name: &str) -> Option<String> {
        self.child(node, name).map(words).filter(|text| !text.is_empty())
    }

    /// Whether an attribute says `Yes`.
    pub(crate) fn yes(&self, node: Node<'x, 'x>, name: &'static str) -> bool {
        self.attribute(node, name) == Some("Yes")
    }

    /// What an alias of ours says.
    pub(crate) fn ours(&self, node: Node<'x, 'x>, about: &str) -> Option<&'x str> {
        let context = format!("{OURS}{about}");
        self.aliases(node)
            .into_iter()
            .find(|(found, _)| *found == context)
            .map(|(_, name)| name)
    }

    /// All aliases of ours: what about, what it is.
    pub(crate) fn aliases(&self, node: Node<'x, 'x>) -> Vec<(&'x str, &'x str)> {
        node.children()
            .filter(|child| child.is_element() && child.tag_name().name() == "Alias")
            .filter_map(|child| Some((child, child.attribute("Context")?, child.attribute("Name")?)))
            .filter(|(_, context, _)| context.starts_with(OURS))
            .map(|(child, context, name)| {
                let mut asked = self.asked.borrow_mut();
                asked.extend([(child.id(), ""), (child.id(), "Context"), (child.id(), "Name")]);
                (context, name)
            })
            .collect()
    }

    /// References in the order that they ask for: by `OrderNumber` where every one has it, else as they stand.
    pub(crate) fn ordered(&self, node: Node<'x, 'x>, name: &str) -> Vec<Node<'x, 'x>> {
        let mut found = self.children(node, name);
        let number = |node: &Node<'x, 'x>| self.attribute(*node, "OrderNumber").and_then(|n| n.parse::<i64>().ok());
        let numbers: Vec<Option<i64>> = found.iter().map(number).collect();
        if numbers.iter().all(Option::is_some) {
            found.sort_by_key(number);
        } else if let (Some(first), true) = (found.first(), numbers.iter().any(Option::is_some)) {
            self.note(*first, NoteCode::OrderMixed, &[("what", name)]);
        }
        found
    }

    pub(crate) fn note(&self, node: Node<'x, 'x>, code: NoteCode, facts: &[(&str, &str)]) {
        let at = self.doc.text_pos_at(node.range().start);
        let facts = facts
            .iter()
            .map(|(name, value)| {
                let one_line: Vec<&str> = value.split_whitespace().collect();
                ((*name).to_owned(), one_line.join(" "))
            })
            .collect();
        self.report.borrow_mut().notes.push(Note {
            line: at.row,
            column: at.col,
            code,
            facts,
        });
    }

    pub(crate) fn keep(&self, what: &'static str) {
        *self.report.borrow_mut().kept.entry(what).or_default() += 1;
    }

    pub(crate) fn ignore(&self, what: &str) {
        *self.report.borrow_mut().ignored.entry(what.to_owned()).or_default() += 1;
    }

    /// Takes an element as asked for.
    pub(crate) fn take(&self, node: Node<'x, 'x>) {
        self.asked.borrow_mut().insert((node.id(), ""));
    }

    /// Takes an element as not asked for after all: it counts once, whatever is inside.
    pub(crate) fn forget(&self, node: Node<'x, 'x>) {
        self.asked.borrow_mut().remove(&(node.id(), ""));
    }

    /// Takes everything inside an element as told: a note says of all of it that it was not kept.
    pub(crate) fn told(&self, node: Node<'x, 'x>) {
        let mut asked = self.asked.borrow_mut();
        for inside in node.descendants().filter(Node::is_element) {
            asked.insert((inside.id(), ""));
            asked.extend(inside.attributes().map(|attribute| (inside.id(), attribute.name())));
        }
    }

    /// Counts everything that nobody asked for. An element that was not asked for counts once, whatever is inside.
    pub(crate) fn count_the_rest(&self) {
        let asked = self.asked.borrow();
        let mut open = vec![self.doc.root_element()];
        while let Some(node) = open.pop() {
            let name = node.tag_name().name();
            for attribute in node.attributes() {
                let known = attribute.namespace().is_none() && asked.contains(&(node.id(), attribute.name()));
                let of_xml = matches!(attribute.namespace(), Some(XML | INSTANCE));
                if !known && !of_xml {
                    match attribute.namespace() {
                        None => self.ignore(&format!("{name}/@{}", attribute.name())),
                        Some(space) => self.ignore(&format!("@ {space}")),
                    }
                }
            }
            for child in node.children().filter(Node::is_element) {
                if asked.contains(&(child.id(), "")) {
                    open.push(child);
                } else if child.tag_name().namespace() == self.space {
                    self.ignore(child.tag_name().name());
                } else {
                    self.ignore(&format!("<> {}", child.tag_name().namespace().unwrap_or("")));
                }
            }
        }
    }
}

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The text of an element without the blanks around it.
pub(crate) fn words(node: Node<'_, '_>) -> String {
    let text: String = node
        .descendants()
        .filter(Node::is_text)
        .filter_map(|n| n.text())
        .collect();
    text.trim().to_owned()
}
