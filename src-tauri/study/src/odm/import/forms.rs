//! Forms with their groups.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::{
    def::RegisterDef,
    identifiers::Kind,
    odm::{
        OURS,
        import::{
            items,
            names::Names,
            page::Page,
            report::NoteCode,
            source::{Source, words},
            tables::Tables,
            texts,
        },
    },
    text::Text,
};

/// A form as it was written.
pub(crate) struct Form {
    pub(crate) own: String,
    pub(crate) theirs: String,
    pub(crate) page: String,
    /// Landmarks on it: which, and the item.
    pub(crate) landmarks: Vec<(String, String)>,
    /// Registers of the site that it is the form of.
    pub(crate) registers: Vec<RegisterDef>,
}

pub(crate) fn all<'x>(
    source: &Source<'x>,
    tables: &Tables<'x>,
    names: &Names,
    lists: &BTreeMap<&'x str, String>,
    checks: &mut Page,
) -> Vec<Form> {
    // Forms first: items carry the name of theirs.
    let owns: Vec<(&str, Node<'x, 'x>, String)> = tables
        .forms
        .all()
        .map(|(oid, node)| (oid, node, names.give(Kind::Form, oid, source.ours(node, "oid"), None)))
        .collect();
    owns.into_iter()
        .map(|(theirs, node, own)| form(source, tables, names, lists, checks, (theirs, node, own)))
        .collect()
}

fn form<'x>(
    source: &Source<'x>,
    tables: &Tables<'x>,
    names: &Names,
    lists: &BTreeMap<&'x str, String>,
    checks: &mut Page,
    (theirs, node, own): (&'x str, Node<'x, 'x>, String),
) -> Form {
    let mut page = Page::default();
    let name = texts::named(source, node, "Description");
    source.attribute(node, "Name");
    for open in &name.open {
        page.comment(&format!("text without language: {open}"));
    }
    let groups: Vec<(Node<'x, 'x>, Option<Node<'x, 'x>>)> = source
        .ordered(node, "ItemGroupRef")
        .into_iter()
        .map(|group| {
            let oid = source.attribute(group, "ItemGroupOID");
            (group, tables.groups.follow(source, group, oid))
        })
        .collect();
    page.text("oid", &own);
    page.both("name", &name.text);
    page.text("domain", domain(source, node, &groups));
    page.flag("repeats", source.yes(node, "Repeating"));
    if let Some(panels) = source.ours(node, "panels") {
        page.texts("panels", panels.split(' '));
    }
    source.keep("forms");
    let registers = registers(source, node, &own);
    let mut landmarks = Vec::new();
    for (reference, group) in groups {
        source.attribute(reference, "Mandatory");
        let Some(group) = group else { continue };
        let oid = source.attribute(group, "OID").unwrap_or("");
        let group_own = names.give(Kind::Group, oid, source.ours(group, "oid"), Some(&own));
        let name = texts::named(source, group, "Description");
        page.raw("");
        for open in &name.open {
            page.comment(&format!("text without language: {open}"));
        }
        page.raw("[[group]]");
        page.text("oid", &group_own);
        page.both("name", &name.text);
        page.flag("repeats", source.yes(group, "Repeating"));
        condition(source, tables, reference, &mut page);
        source.keep("groups");
        for item in source.ordered(group, "ItemRef") {
            let context = items::Context {
                source,
                tables,
                names,
                lists,
                form: &own,
            };
            items::item(&context, item, &mut page, checks, &mut landmarks);
        }
    }
    Form {
        own,
        theirs: theirs.to_owned(),
        page: page.done(),
        landmarks,
        registers,
    }
}

/// Registers of a study of ours that went out and come back.
fn registers<'x>(source: &Source<'x>, node: Node<'x, 'x>, form: &str) -> Vec<RegisterDef> {
    let of = |no: usize, what: &str| source.ours(node, &format!("register.{no}.{what}"));
    (1..)
        .map_while(|no| {
            let (oid, key) = of(no, "oid").zip(of(no, "key"))?;
            source.keep("registers");
            Some(RegisterDef {
                oid: oid.to_owned(),
                name: Text {
                    en: of(no, "name.en").unwrap_or_default().to_owned(),
                    zh: of(no, "name.zh").unwrap_or_default().to_owned(),
                },
                form: form.to_owned(),
                key: key.to_owned(),
                referred_by: listed(of(no, "referred_by")),
                once: listed(of(no, "once")),
                columns: listed(of(no, "columns")),
                ranges: paired(of(no, "ranges")),
                measures: paired(of(no, "measures")),
            })
        })
        .collect()
}

fn listed(text: Option<&str>) -> Vec<String> {
    let words = text.unwrap_or_default().split_whitespace();
    words.map(str::to_owned).collect()
}

/// `NAME=OF NAME=OF`.
fn paired(text: Option<&str>) -> Vec<(String, String)> {
    let words = text.unwrap_or_default().split_whitespace();
    let pairs = words.filter_map(|word| word.split_once('='));
    pairs.map(|(name, of)| (name.to_owned(), of.to_owned())).collect()
}

/// The domain of ours, or the one that all groups name; without one the form is the study's own.
fn domain<'x>(source: &Source<'x>, form: Node<'x, 'x>, groups: &[(Node<'x, 'x>, Option<Node<'x, 'x>>)]) -> &'x str {
    if let Some(domain) = source.ours(form, "domain") {
        return domain;
    }
    let mut named: Vec<&str> = groups
        .iter()
        .filter_map(|(_, group)| source.attribute((*group)?, "Domain"))
        .collect();
    named.dedup();
    match named.as_slice() {
        [one] => one,
        _ => "own",
    }
}

/// A condition under which something is not collected: ours comes back as `when`, others stay as a comment.
pub(crate) fn condition<'x>(source: &Source<'x>, tables: &Tables<'x>, reference: Node<'x, 'x>, page: &mut Page) {
    let Some(oid) = source.attribute(reference, "CollectionExceptionConditionOID") else {
        return;
    };
    let Some(node) = tables.conditions.follow(source, reference, Some(oid)) else {
        return;
    };
    let name = source.attribute(node, "Name").unwrap_or("");
    let description = source.child(node, "Description").map(words).unwrap_or_default();
    let mut said = Vec::new();
    for expression in source.children(node, "FormalExpression") {
        let context = source.attribute(expression, "Context").unwrap_or("");
        let text = words(expression);
        let inner = text.strip_prefix("!(").and_then(|text| text.strip_suffix(')'));
        if let (Some("when"), Some(inner)) = (context.strip_prefix(OURS), inner) {
            if let Some(description) = source.child(node, "Description") {
                source.children(description, "TranslatedText");
            }
            source.aliases(node);
            page.text("when", inner);
            source.keep("conditions");
            return;
        }
        said.push(format!("{context}: {text}"));
    }
    if let Some(description) = source.child(node, "Description") {
        source.children(description, "TranslatedText");
    }
    source.note(
        reference,
        NoteCode::Condition,
        &[
            ("oid", oid),
            ("text", if description.is_empty() { name } else { &description }),
        ],
    );
    page.comment(&format!("unclear: not collected when {oid} ({name}): {description}"));
    for expression in said {
        page.comment(&format!("    {expression}"));
    }
}
