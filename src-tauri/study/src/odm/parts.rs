//! Pieces that both editions share.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{
    Study,
    def::{
        Bounds, CheckDef, CodeDef, FormDef, ItemDef, ItemGroupDef, ItemKind, Severity, StudyDef, VisitDef, VisitKind,
    },
    identifiers::Kind,
    medicine::registry::{self, Gives},
    odm::{Edition, OURS, element::Element, outward::Outward},
    text::Text,
    value::Missing,
};

/// English and Chinese as ODM names them.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "zh-Hans"];

/// `<name><TranslatedText xml:lang="en">…`; a language without text is left out.
pub(crate) fn texts(name: &'static str, text: &Text, edition: Edition) -> Option<Element> {
    let sides = [(LANGUAGES[0], &text.en), (LANGUAGES[1], &text.zh)];
    let translated = sides
        .into_iter()
        .filter(|(_, side)| !side.is_empty())
        .map(|(language, side)| plain(side, edition).with("xml:lang", language));
    let element = Element::new(name).holding(translated);
    (element != Element::new(name)).then_some(element)
}

/// A text of no language: an expression, a registered title.
pub(crate) fn neutral(name: &'static str, text: &str, edition: Edition) -> Element {
    Element::new(name).holding([plain(text, edition)])
}

fn plain(text: &str, edition: Edition) -> Element {
    let element = Element::text("TranslatedText", text);
    match edition {
        Edition::V1_3_2 => element,
        Edition::V2_0 => element.with("Type", "text/plain"),
    }
}

/// What we mean and ODM has no place for.
pub(crate) fn ours(about: &str, is: &str) -> Element {
    Element::new("Alias")
        .with("Context", format!("{OURS}{about}"))
        .with("Name", is)
}

/// Who is called otherwise outside, with a name that nobody else knows.
pub(crate) fn own_name(def: &StudyDef, outward: &Outward, kind: Kind, own: &str) -> Option<Element> {
    outward.hidden(def, kind, own).map(|own| ours("oid", own))
}

pub(crate) fn yes_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

/// A name must not be empty.
pub(crate) fn name<'a>(text: &'a Text, oid: &'a str) -> &'a str {
    [text.en.as_str(), text.zh.as_str()]
        .into_iter()
        .find(|side| !side.is_empty())
        .unwrap_or(oid)
}

/// Data type and length as the edition writes them.
pub(crate) fn data_type(item: &ItemDef, def: &StudyDef, edition: Edition) -> (&'static str, Option<u32>) {
    let decimal = match edition {
        Edition::V1_3_2 => "float",
        Edition::V2_0 => "decimal",
    };
    match &item.kind {
        ItemKind::Text { max, .. } | ItemKind::Scan { max } => ("text", Some(*max)),
        ItemKind::Integer { .. } => ("integer", digits(item)),
        ItemKind::Decimal { places, .. } => (decimal, digits(item).map(|whole| whole + places)),
        ItemKind::Code { codelist } => {
            let longest = codes(def, codelist).map(|code| code.code.chars().count()).max();
            ("text", longest.and_then(|longest| u32::try_from(longest).ok()))
        }
        ItemKind::Codes { codelist } => {
            let all: usize = codes(def, codelist).map(|code| code.code.chars().count() + 1).sum();
            ("text", u32::try_from(all.saturating_sub(1)).ok())
        }
        ItemKind::Date { partial: true } => ("partialDate", None),
        ItemKind::Date { partial: false } => ("date", None),
        // Without seconds, as they are asked for.
        ItemKind::Time {} => ("partialTime", None),
        ItemKind::DateTime {} => ("partialDatetime", None),
        ItemKind::Duration { .. } => ("durationDatetime", None),
        ItemKind::Derived { call, .. } => match registry::call(call).map(|call| call.gives) {
            Some(Gives::Number) => (decimal, None),
            Some(Gives::Code | Gives::Answer) | None => ("text", Some(40)),
        },
    }
}

fn codes<'d>(def: &'d StudyDef, oid: &'d str) -> impl Iterator<Item = &'d CodeDef> {
    def.codelists
        .iter()
        .filter(move |list| list.oid == oid)
        .flat_map(|list| &list.codes)
}

/// Digits before the point that the hard bounds leave room for.
fn digits(item: &ItemDef) -> Option<u32> {
    let Bounds { low, high } = item.hard.as_ref()?;
    let most = low.iter().chain(high).map(Decimal::abs).max()?;
    u32::try_from(most.trunc().to_string().len()).ok()
}

/// What is particular to an item of ours, one alias for each context.
pub(crate) fn item_aliases(study: &Study, outward: &Outward, item: &ItemDef) -> Vec<Element> {
    let mut aliases = Vec::new();
    if item.cdash != "own" {
        aliases.push(Element::new("Alias").with("Context", "CDASH").with("Name", &item.cdash));
    }
    aliases.extend(own_name(study.def(), outward, Kind::Item, &item.oid));
    let kind = match &item.kind {
        ItemKind::Codes { .. } => Some("codes"),
        ItemKind::Scan { .. } => Some("scan"),
        ItemKind::Text { long: true, .. } => Some("long"),
        ItemKind::Text { long: false, .. }
        | ItemKind::Integer { .. }
        | ItemKind::Decimal { .. }
        | ItemKind::Code { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Derived { .. } => None,
    };
    aliases.extend(kind.map(|kind| ours("kind", kind)));
    if let ItemKind::Decimal {
        analyte: Some(analyte), ..
    } = &item.kind
    {
        aliases.push(ours("analyte", analyte));
    }
    if let ItemKind::Duration { unit } = &item.kind {
        aliases.push(ours("duration", unit.word()));
    }
    if !item.missing.is_empty() {
        let words: Vec<&str> = item.missing.iter().map(|missing| missing_word(*missing)).collect();
        aliases.push(ours("missing", &words.join(" ")));
    }
    if item.critical {
        aliases.push(ours("critical", "true"));
    }
    for (landmark, oid) in study.landmarks() {
        if *oid == item.oid {
            aliases.push(ours(&format!("landmark.{landmark}"), oid));
        }
    }
    aliases
}

pub(crate) fn missing_word(missing: Missing) -> &'static str {
    match missing {
        Missing::NotDone => "not_done",
        Missing::Unknown => "unknown",
        Missing::NotApplicable => "not_applicable",
    }
}

/// The units of an item, the canonical one first.
pub(crate) fn units(item: &ItemDef) -> &[String] {
    match &item.kind {
        ItemKind::Integer { units } | ItemKind::Decimal { units, .. } => units,
        ItemKind::Text { .. }
        | ItemKind::Code { .. }
        | ItemKind::Codes { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Scan { .. }
        | ItemKind::Derived { .. } => &[],
    }
}

/// Digits after the point.
pub(crate) fn places(item: &ItemDef) -> Option<u32> {
    match &item.kind {
        ItemKind::Decimal { places, .. } => Some(*places),
        ItemKind::Text { .. }
        | ItemKind::Integer { .. }
        | ItemKind::Code { .. }
        | ItemKind::Codes { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Scan { .. }
        | ItemKind::Derived { .. } => None,
    }
}

/// Every group with its form.
pub(crate) fn all_groups(def: &StudyDef) -> impl Iterator<Item = (&FormDef, &ItemGroupDef)> {
    def.forms
        .iter()
        .flat_map(|form| form.groups.iter().map(move |group| (form, group)))
}

/// Every definition once: copies of one share its identifier, those that came to differ part.
pub(crate) fn distinct<'d, P: Copy>(
    kind: Kind,
    parts: impl Iterator<Item = (&'d str, P)>,
    outward: &mut Outward,
    build: impl Fn(&Outward, P) -> Element,
) -> Vec<Element> {
    let mut written: BTreeMap<String, Element> = BTreeMap::new();
    let mut order = Vec::new();
    for (own, part) in parts {
        let mut element = build(outward, part);
        match written.get(outward.get(kind, own)) {
            Some(first) if *first == element => continue,
            Some(_) => {
                outward.part(kind, own);
                element = build(outward, part);
            }
            None => {}
        }
        written.insert(outward.get(kind, own).to_owned(), element.clone());
        order.push(element);
    }
    order
}

/// The codelist of an item.
pub(crate) fn codelist(item: &ItemDef) -> Option<&str> {
    match &item.kind {
        ItemKind::Code { codelist } | ItemKind::Codes { codelist } => Some(codelist),
        ItemKind::Text { .. }
        | ItemKind::Integer { .. }
        | ItemKind::Decimal { .. }
        | ItemKind::Date { .. }
        | ItemKind::Time {}
        | ItemKind::DateTime {}
        | ItemKind::Duration { .. }
        | ItemKind::Scan { .. }
        | ItemKind::Derived { .. } => None,
    }
}

/// Bounds and checks of an item; `unit` is the element that names the unit of a bound, where the edition has one.
pub(crate) fn range_checks(def: &StudyDef, item: &ItemDef, unit: Option<&Element>, edition: Edition) -> Vec<Element> {
    let mut checks = Vec::new();
    for (bounds, weight) in [(&item.hard, "Hard"), (&item.soft, "Soft")] {
        let Some(bounds) = bounds else { continue };
        for (comparator, value) in [("GE", bounds.low), ("LE", bounds.high)] {
            let Some(value) = value else { continue };
            checks.push(
                Element::new("RangeCheck")
                    .with("Comparator", comparator)
                    .with("SoftHard", weight)
                    .holding([Element::text("CheckValue", &bound(&item.kind, value))])
                    .holding(unit.cloned()),
            );
        }
    }
    for check in def.checks.iter().filter(|check| check.item == item.oid) {
        checks.push(check_of(check, edition));
    }
    checks
}

/// A bound as the data type of its item writes it; ours of a duration is in minutes.
fn bound(kind: &ItemKind, value: Decimal) -> String {
    let ItemKind::Duration { .. } = kind else {
        return value.to_string();
    };
    let sign = if value.is_sign_negative() && !value.is_zero() {
        "-"
    } else {
        ""
    };
    let minutes = value.abs().normalize();
    if minutes.is_integer() {
        format!("{sign}PT{minutes}M")
    } else {
        // Only seconds may have a fraction.
        let seconds = (minutes * Decimal::from(60)).normalize();
        format!("{sign}PT{seconds}S")
    }
}

/// A range check holds while all is well; ours fire when something is not.
fn check_of(check: &CheckDef, edition: Edition) -> Element {
    let weight = match check.severity {
        Severity::Hard => "Hard",
        Severity::Soft => "Soft",
    };
    Element::new("RangeCheck")
        .with("SoftHard", weight)
        .holding([expression(
            &format!("check.{}", check.id),
            &format!("!({})", check.fires),
            edition,
        )])
        .holding(texts("ErrorMessage", &check.text, edition))
}

/// A formal expression in our language.
pub(crate) fn expression(about: &str, text: &str, edition: Edition) -> Element {
    let context = format!("{OURS}{about}");
    match edition {
        Edition::V1_3_2 => Element::text("FormalExpression", text).with("Context", context),
        Edition::V2_0 => Element::new("FormalExpression")
            .with("Context", context)
            .holding([Element::text("Code", text)]),
    }
}

/// Shown only while it holds: ODM asks for the exception, so the opposite is written.
pub(crate) fn condition(oid: &str, when: &str, edition: Edition) -> Element {
    let signature = match edition {
        Edition::V1_3_2 => None,
        Edition::V2_0 => Some(Element::new("MethodSignature")),
    };
    Element::new("ConditionDef")
        .with("OID", condition_oid(oid))
        .with("Name", condition_oid(oid))
        .holding([neutral("Description", &format!("!({when})"), edition)])
        .holding(signature)
        .holding([expression("when", &format!("!({when})"), edition)])
}

/// The OID of the condition of a group or an item.
pub(crate) fn condition_oid(oid: &str) -> String {
    format!("CONDITION.{oid}")
}

/// The OID of the method of a derived item.
pub(crate) fn method_oid(oid: &str) -> String {
    format!("METHOD.{oid}")
}

/// How a derived item is computed: `dose.car(cells=INFUSION.CELLS, weight=INFUSION.WEIGHT)`.
pub(crate) fn method(item: &ItemDef, edition: Edition) -> Option<Element> {
    let ItemKind::Derived { call, with } = &item.kind else {
        return None;
    };
    let inputs: Vec<String> = with.iter().map(|(input, oid)| format!("{input}={oid}")).collect();
    let words = format!("{call}({})", inputs.join(", "));
    let signature = match edition {
        Edition::V1_3_2 => None,
        Edition::V2_0 => Some(Element::new("MethodSignature")),
    };
    Some(
        Element::new("MethodDef")
            .with("OID", method_oid(&item.oid))
            .with("Name", call)
            .with("Type", "Computation")
            .holding([neutral("Description", &words, edition)])
            .holding(signature)
            .holding([expression("call", &words, edition)]),
    )
}

/// Type and repetition of a visit.
pub(crate) fn event_kind(visit: &VisitDef) -> (&'static str, bool) {
    match visit.kind {
        VisitKind::Scheduled => ("Scheduled", false),
        VisitKind::Unscheduled => ("Unscheduled", true),
        VisitKind::Log => ("Common", false),
    }
}

/// Target day and window of a visit.
pub(crate) fn visit_aliases(def: &StudyDef, outward: &Outward, visit: &VisitDef) -> Vec<Element> {
    let day = visit.day.map(|day| ours("day", &day.to_string()));
    let window = visit
        .window
        .map(|(first, last)| ours("window", &format!("{first} {last}")));
    let own = own_name(def, outward, Kind::Visit, &visit.oid);
    own.into_iter().chain(day).chain(window).collect()
}

/// What a register of the site is, on the form of its records: there is no place for one outside the subjects.
pub(crate) fn register_aliases(def: &StudyDef, form: &FormDef) -> Vec<Element> {
    let registers = def.registers.iter().filter(|register| register.form == form.oid);
    registers
        .zip(1..)
        .flat_map(|(register, no): (_, usize)| {
            let about = |what: &str| format!("register.{no}.{what}");
            let pairs = |pairs: &[(String, String)]| {
                let said: Vec<String> = pairs.iter().map(|(name, of)| format!("{name}={of}")).collect();
                said.join(" ")
            };
            let lists = [
                ("referred_by", register.referred_by.join(" ")),
                ("once", register.once.join(" ")),
                ("columns", register.columns.join(" ")),
                ("ranges", pairs(&register.ranges)),
                ("measures", pairs(&register.measures)),
            ];
            [
                ours(&about("oid"), &register.oid),
                ours(&about("name.en"), &register.name.en),
                ours(&about("name.zh"), &register.name.zh),
                ours(&about("key"), &register.key),
            ]
            .into_iter()
            .chain(
                lists
                    .into_iter()
                    .filter(|(_, said)| !said.is_empty())
                    .map(|(what, said)| ours(&about(what), &said))
                    .collect::<Vec<_>>(),
            )
        })
        .collect()
}

/// A codelist; the codes in their order.
pub(crate) fn code_lists(def: &StudyDef, outward: &Outward, edition: Edition) -> Vec<Element> {
    def.codelists
        .iter()
        .map(|list| {
            Element::new("CodeList")
                .with("OID", outward.get(Kind::Codelist, &list.oid))
                .with("Name", &list.oid)
                .with("DataType", "text")
                .holding(list.codes.iter().enumerate().map(|(no, code)| {
                    Element::new("CodeListItem")
                        .with("CodedValue", &code.code)
                        .with("OrderNumber", (no + 1).to_string())
                        .holding(texts("Decode", &code.text, edition))
                }))
                .holding(own_name(def, outward, Kind::Codelist, &list.oid))
        })
        .collect()
}
