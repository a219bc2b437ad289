//! Items: question, type, units, bounds.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::{
    identifiers::Kind,
    odm::{
        OURS,
        import::{
            forms::condition,
            names::Names,
            page::Page,
            ranges,
            report::NoteCode,
            source::{Source, words},
            tables::Tables,
            texts,
        },
    },
};

/// Most items that are kept; a definition may have fewer.
const MOST: usize = 20_000;

/// What an item is read with.
pub(crate) struct Context<'c, 'x> {
    pub(crate) source: &'c Source<'x>,
    pub(crate) tables: &'c Tables<'x>,
    pub(crate) names: &'c Names,
    pub(crate) lists: &'c BTreeMap<&'x str, String>,
    pub(crate) form: &'c str,
}

/// What an item turned out to take, as far as bounds need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Whole,
    Decimal,
    /// How long: bounds are in minutes.
    Long,
    Words,
    Other,
}

pub(crate) fn item<'x>(
    context: &Context<'_, 'x>,
    reference: Node<'x, 'x>,
    page: &mut Page,
    checks: &mut Page,
    landmarks: &mut Vec<(String, String)>,
) {
    let Context { source, tables, .. } = context;
    let kept = source.report.borrow().kept.get("items").copied().unwrap_or(0);
    if kept >= MOST {
        // A small file can refer to one group from everywhere.
        if kept == MOST {
            source.note(reference, NoteCode::TooMany, &[("most", &MOST.to_string())]);
            source.keep("items");
        }
        return;
    }
    let theirs = source.attribute(reference, "ItemOID");
    let required = source.yes(reference, "Mandatory");
    let (Some(node), Some(theirs)) = (tables.items.follow(source, reference, theirs), theirs) else {
        return;
    };
    let own = context
        .names
        .give(Kind::Item, theirs, source.ours(node, "oid"), Some(context.form));
    let question = texts::read(source, source.child(node, "Question"));
    let guidance = texts::read(source, source.child(node, "Description"));
    page.raw("");
    if let Some(name) = source.attribute(node, "Name").filter(|name| *name != theirs) {
        page.comment(&format!("Name: {name}"));
    }
    for open in question.open.iter().chain(&guidance.open) {
        page.comment(&format!("text without language: {open}"));
    }
    page.raw("[[group.item]]");
    page.text("oid", &own);
    page.both("question", &question.text);
    if guidance.text != crate::text::Text::default() {
        page.both("guidance", &guidance.text);
    }
    page.text("cdash", cdash(source, node));
    let (takes, unit, derived) = kind(context, reference, node, &own, page);
    ranges::write(context, node, &own, takes, unit, page, checks);
    page.flag("required", required && !derived);
    if let Some(missing) = source.ours(node, "missing").filter(|_| !derived) {
        page.texts("missing", missing.split(' '));
    }
    page.flag("critical", source.ours(node, "critical") == Some("true"));
    condition(source, tables, reference, page);
    for (about, _) in source.aliases(node) {
        if let Some(landmark) = about
            .strip_prefix(OURS)
            .and_then(|about| about.strip_prefix("landmark."))
        {
            landmarks.push((landmark.to_owned(), own.clone()));
        }
    }
    source.keep("items");
}

/// The CDASH variable, where an alias names one; else the item is the study's own.
fn cdash<'x>(source: &Source<'x>, node: Node<'x, 'x>) -> &'x str {
    let named = node
        .children()
        .filter(|child| child.is_element() && child.tag_name().name() == "Alias")
        .find(|child| {
            child
                .attribute("Context")
                .is_some_and(|context| context.eq_ignore_ascii_case("CDASH"))
        });
    match named {
        Some(alias) => {
            source.take(alias);
            source.attribute(alias, "Context");
            source.attribute(alias, "Name").unwrap_or("own")
        }
        None => "own",
    }
}

/// Writes what the item takes; gives what bounds need to know, its first unit, and whether it is computed.
fn kind<'x>(
    context: &Context<'_, 'x>,
    reference: Node<'x, 'x>,
    node: Node<'x, 'x>,
    own: &str,
    page: &mut Page,
) -> (Takes, Option<&'x str>, bool) {
    let source = context.source;
    let data_type = source.attribute(node, "DataType").unwrap_or("");
    let length = source
        .attribute(node, "Length")
        .and_then(|length| length.parse::<u32>().ok());
    let digits = source
        .attribute(node, "SignificantDigits")
        .and_then(|digits| digits.parse::<u32>().ok());
    let units: Vec<&'x str> = source
        .children(node, "MeasurementUnitRef")
        .into_iter()
        .filter_map(|unit| {
            let oid = source.attribute(unit, "MeasurementUnitOID")?;
            if !context.tables.units.contains(oid) {
                source.note(unit, NoteCode::NotThere, &[("what", "MeasurementUnit"), ("oid", oid)]);
            }
            Some(oid)
        })
        .collect();
    let note = |code, facts: &[(&str, &str)]| {
        let mut all = vec![("oid", own), ("type", data_type)];
        all.extend_from_slice(facts);
        source.note(node, code, &all);
    };
    if method(context, reference, page) {
        return (Takes::Other, None, true);
    }
    let number = matches!(data_type, "integer" | "float" | "double");
    if let Some(list) = source.child(node, "CodeListRef") {
        let oid = source.attribute(list, "CodeListOID");
        context.tables.codelists.follow(source, list, oid);
        if !matches!(data_type, "text" | "string" | "integer") {
            note(NoteCode::CodesOfType, &[]);
        }
        let several = source.ours(node, "kind") == Some("codes");
        page.text("kind", if several { "codes" } else { "code" });
        let oid = oid.unwrap_or("");
        page.text("codelist", context.lists.get(oid).map_or(oid, String::as_str));
        no_units(&units, page, &note);
        return (Takes::Words, None, false);
    }
    let takes = match data_type {
        "text" | "string" => {
            let kind = source.ours(node, "kind");
            page.text("kind", if kind == Some("scan") { "scan" } else { "text" });
            match length.or(source.options.text_length) {
                Some(length) => page.bare("max", length),
                None => {
                    note(NoteCode::NoLength, &[]);
                    page.comment("max is not given");
                }
            }
            page.flag("long", kind == Some("long"));
            Takes::Words
        }
        "integer" => {
            page.text("kind", "integer");
            Takes::Whole
        }
        "float" | "double" => {
            page.text("kind", "decimal");
            match digits.or(source.options.places) {
                Some(digits) => page.bare("places", digits),
                None => {
                    note(NoteCode::NoDigits, &[]);
                    page.comment("places is not given");
                }
            }
            if let Some(analyte) = source.ours(node, "analyte") {
                page.text("analyte", analyte);
            }
            Takes::Decimal
        }
        "date" | "partialDate" | "incompleteDate" => {
            page.text("kind", "date");
            page.flag("partial", data_type != "date");
            if data_type == "incompleteDate" {
                note(NoteCode::TypeIsWider, &[]);
            }
            Takes::Other
        }
        "time" | "partialTime" | "incompleteTime" => {
            page.text("kind", "time");
            if data_type != "partialTime" {
                note(NoteCode::TypeIsWider, &[]);
            }
            Takes::Other
        }
        "datetime" | "partialDatetime" | "incompleteDatetime" => {
            page.text("kind", "date_time");
            if data_type != "partialDatetime" {
                note(NoteCode::TypeIsWider, &[]);
            }
            Takes::Other
        }
        "durationDatetime" => {
            page.text("kind", "duration");
            match source.ours(node, "duration") {
                Some(unit) => page.text("unit", unit),
                None => {
                    note(NoteCode::NoDurationUnit, &[]);
                    page.comment("unit is not given");
                }
            }
            Takes::Long
        }
        other => {
            note(NoteCode::DataType, &[]);
            page.text("kind", other);
            Takes::Other
        }
    };
    if number {
        page.texts("units", units.iter().copied());
        (takes, units.first().copied(), false)
    } else {
        no_units(&units, page, &note);
        (takes, None, false)
    }
}

/// Says something of the item at hand.
type Say<'s> = &'s dyn Fn(NoteCode, &[(&str, &str)]);

fn no_units(units: &[&str], page: &mut Page, note: Say<'_>) {
    if !units.is_empty() {
        note(NoteCode::UnitOfNoNumber, &[("units", &units.join(", "))]);
        page.comment(&format!("unclear: unit {}", units.join(", ")));
    }
}

/// How the item is computed: ours comes back, others stay as a comment and the item keeps its type.
fn method<'x>(context: &Context<'_, 'x>, reference: Node<'x, 'x>, page: &mut Page) -> bool {
    let source = context.source;
    let Some(oid) = source.attribute(reference, "MethodOID") else {
        return false;
    };
    let Some(node) = context.tables.methods.follow(source, reference, Some(oid)) else {
        return false;
    };
    let name = source.attribute(node, "Name").unwrap_or("");
    source.attribute(node, "Type");
    let description = source.child(node, "Description");
    if let Some(description) = description {
        source.children(description, "TranslatedText");
    }
    let mut said = Vec::new();
    for expression in source.children(node, "FormalExpression") {
        let language = source.attribute(expression, "Context").unwrap_or("");
        let text = words(expression);
        if language.strip_prefix(OURS) == Some("call")
            && let Some((call, inputs)) = text.strip_suffix(')').and_then(|text| text.split_once('('))
        {
            page.text("kind", "derived");
            page.text("call", call);
            let inputs: Vec<String> = inputs
                .split(", ")
                .filter_map(|input| input.split_once('='))
                .map(|(input, item)| format!("{input} = {}", super::page::quoted(item)))
                .collect();
            page.line("with", &format!("{{ {} }}", inputs.join(", ")));
            source.keep("derivations");
            return true;
        }
        said.push(format!("{language}: {text}"));
    }
    let description = description.map(words).unwrap_or_default();
    let text = if description.is_empty() { name } else { &description };
    source.note(reference, NoteCode::Method, &[("oid", oid), ("text", text)]);
    page.comment(&format!("unclear: computed by {oid} ({name}): {description}"));
    for expression in said {
        page.comment(&format!("    {expression}"));
    }
    false
}
