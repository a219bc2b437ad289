//! One form of a definition: its groups, its items, what each item takes.

use crate::{
    def::{Bounds, DurationUnit, FormDef, ItemDef, ItemGroupDef, ItemKind},
    load::{
        draft::Draft,
        identity,
        reader::{At, Desk, Node},
    },
    path::Oid,
    problem::ProblemCode,
    study::RuleKey,
    value::Missing,
};

/// Panels that a form may show besides its items.
const PANELS: [(&str, &str); 2] = [("eligibility", "eligibility"), ("identity_check", "identity_check")];

pub(crate) fn form(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>) {
    let oid = node.oid("oid");
    let name = node.both("name");
    let domain = node.text("domain").map(|d| d.value).unwrap_or_default();
    let repeats = node.flag("repeats");
    let panels = node.words("panels", &PANELS).into_iter().map(str::to_owned).collect();
    let groups = node.tables("group");
    if let Some(oid) = oid {
        draft.define(desk, "form", &oid.value, &oid.spot);
        let groups = groups
            .into_iter()
            .filter_map(|g| group(draft, desk, g, &oid.value))
            .collect();
        draft.def.forms.push(FormDef {
            oid: oid.value,
            name,
            domain,
            repeats,
            groups,
            panels,
        });
    }
    node.finish();
}

/// An identifier that must be the form's own: `FORM.NAME`.
fn own_oid(desk: &Desk<'_>, node: &Node<'_, '_>, form: &str) -> Option<At<Oid>> {
    let oid = node.oid("oid")?;
    let name = oid.value.strip_prefix(form).and_then(|rest| rest.strip_prefix('.'));
    if name.is_none_or(|name| name.is_empty() || name.contains('.')) {
        desk.say(
            &oid.spot,
            ProblemCode::OidNotOfForm,
            &[("oid", &oid.value), ("form", form)],
        );
        return None;
    }
    Some(oid)
}

fn condition(draft: &mut Draft, node: &Node<'_, '_>, key: RuleKey) -> Option<String> {
    let when = node.opt_text("when")?;
    draft.rules.push((key, when.clone()));
    Some(when.value)
}

fn group(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>, form: &str) -> Option<ItemGroupDef> {
    let oid = own_oid(desk, &node, form);
    let name = node.both("name");
    let repeats = node.flag("repeats");
    let when = oid
        .as_ref()
        .and_then(|oid| condition(draft, &node, RuleKey::Group(oid.value.clone())));
    let items = node
        .tables("item")
        .into_iter()
        .filter_map(|i| item(draft, desk, i, form))
        .collect();
    let def = oid.map(|oid| {
        draft.define(desk, "item", &oid.value, &oid.spot);
        ItemGroupDef {
            oid: oid.value,
            name,
            repeats,
            items,
            when,
        }
    });
    node.finish();
    def
}

const MISSING: [(&str, Missing); 3] = [
    ("not_done", Missing::NotDone),
    ("unknown", Missing::Unknown),
    ("not_applicable", Missing::NotApplicable),
];

fn item(draft: &mut Draft, desk: &Desk<'_>, node: Node<'_, '_>, form: &str) -> Option<ItemDef> {
    let oid = own_oid(desk, &node, form);
    let question = node.both("question");
    let guidance = node.opt_both("guidance");
    let cdash = node.text("cdash").map(|c| c.value).unwrap_or_default();
    let kind = kind(draft, desk, &node, oid.as_ref());
    let required = node.flag("required");
    let missing = node.words("missing", &MISSING);
    let critical = node.flag("critical");
    let when = oid
        .as_ref()
        .and_then(|oid| condition(draft, &node, RuleKey::Item(oid.value.clone())));
    let number = matches!(
        kind,
        Some(ItemKind::Integer { .. } | ItemKind::Decimal { .. } | ItemKind::Duration { .. })
    );
    let (hard, soft) = if number {
        (bounds(desk, &node, "hard"), bounds(desk, &node, "soft"))
    } else {
        (None, None)
    };
    let item = oid.zip(kind).map(|(oid, kind)| {
        draft.define(desk, "item", &oid.value, &oid.spot);
        identity::refuse(desk, &oid, &cdash, &question);
        nested(desk, &oid, hard.as_ref(), soft.as_ref());
        if matches!(kind, ItemKind::Derived { .. }) {
            for (key, given) in [("required", required), ("missing", !missing.is_empty())] {
                if given {
                    desk.say(
                        &oid.spot,
                        ProblemCode::DerivedRequired,
                        &[("oid", &oid.value), ("key", key)],
                    );
                }
            }
        }
        ItemDef {
            oid: oid.value,
            question,
            guidance,
            cdash,
            kind,
            required,
            missing,
            when,
            hard,
            soft,
            critical,
        }
    });
    node.finish();
    item
}

fn bounds(desk: &Desk<'_>, node: &Node<'_, '_>, key: &'static str) -> Option<Bounds> {
    let table = node.opt_table(key)?;
    let bounds = Bounds {
        low: table.opt_decimal("low").map(|n| n.value),
        high: table.opt_decimal("high").map(|n| n.value),
    };
    if bounds.low.zip(bounds.high).is_some_and(|(low, high)| low > high) {
        desk.say(&table.spot, ProblemCode::BoundsWrong, &[("which", key)]);
    }
    table.finish();
    Some(bounds)
}

/// Soft bounds must lie within hard ones, or they could never speak first.
fn nested(desk: &Desk<'_>, oid: &At<Oid>, hard: Option<&Bounds>, soft: Option<&Bounds>) {
    let (Some(hard), Some(soft)) = (hard, soft) else { return };
    let low = hard.low.zip(soft.low).is_some_and(|(hard, soft)| soft < hard);
    let high = hard.high.zip(soft.high).is_some_and(|(hard, soft)| soft > hard);
    if low || high {
        desk.say(&oid.spot, ProblemCode::BoundsWrong, &[("which", "soft outside hard")]);
    }
}

/// What a bare figure of a duration counts in.
const UNITS: [(&str, DurationUnit); 3] = [
    ("min", DurationUnit::Minute),
    ("h", DurationUnit::Hour),
    ("d", DurationUnit::Day),
];

#[derive(Clone, Copy)]
enum Word {
    Text,
    Integer,
    Decimal,
    Code,
    Codes,
    Date,
    Time,
    DateTime,
    Duration,
    Scan,
    Derived,
}

const WORDS: [(&str, Word); 11] = [
    ("text", Word::Text),
    ("integer", Word::Integer),
    ("decimal", Word::Decimal),
    ("code", Word::Code),
    ("codes", Word::Codes),
    ("date", Word::Date),
    ("time", Word::Time),
    ("date_time", Word::DateTime),
    ("duration", Word::Duration),
    ("scan", Word::Scan),
    ("derived", Word::Derived),
];

fn kind(draft: &mut Draft, desk: &Desk<'_>, node: &Node<'_, '_>, oid: Option<&At<Oid>>) -> Option<ItemKind> {
    let name = oid.map_or("", |oid| &oid.value);
    let mut codelist = || {
        let list = node.oid("codelist")?;
        draft.place(format!("item:{name}/codelist"), &list.spot);
        Some(list.value)
    };
    match node.word("kind", &WORDS)? {
        Word::Text => Some(ItemKind::Text {
            max: longest(desk, node)?,
            long: node.flag("long"),
        }),
        Word::Scan => Some(ItemKind::Scan {
            max: longest(desk, node)?,
        }),
        Word::Code => codelist().map(|codelist| ItemKind::Code { codelist }),
        Word::Codes => codelist().map(|codelist| ItemKind::Codes { codelist }),
        Word::Date => Some(ItemKind::Date {
            partial: node.flag("partial"),
        }),
        Word::Time => Some(ItemKind::Time {}),
        Word::DateTime => Some(ItemKind::DateTime {}),
        Word::Duration => Some(ItemKind::Duration {
            unit: node.word("unit", &UNITS)?,
        }),
        Word::Integer => Some(ItemKind::Integer {
            units: units(draft, node, name),
        }),
        Word::Decimal => {
            let units = units(draft, node, name);
            let analyte = node.opt_text("analyte").map(|analyte| {
                draft.place(format!("item:{name}/analyte"), &analyte.spot);
                analyte.value
            });
            Some(ItemKind::Decimal {
                units,
                places: node.count("places")?,
                analyte,
            })
        }
        Word::Derived => {
            let call = node.text("call");
            let with = node.pairs("with");
            for (input, item) in &with {
                draft.place(format!("item:{name}/with/{}", input.value), &item.spot);
            }
            let call = call?;
            draft.place(format!("item:{name}/call"), &call.spot);
            Some(ItemKind::Derived {
                call: call.value,
                with: with
                    .into_iter()
                    .map(|(input, item)| (input.value, item.value))
                    .collect(),
            })
        }
    }
}

fn units(draft: &mut Draft, node: &Node<'_, '_>, item: &str) -> Vec<String> {
    let units = node.texts("units");
    for unit in &units {
        draft.place(format!("item:{item}/unit/{}", unit.value), &unit.spot);
    }
    units.into_iter().map(|unit| unit.value).collect()
}

/// Longest text an item may ask for.
const LONGEST: u32 = 4000;

fn longest(desk: &Desk<'_>, node: &Node<'_, '_>) -> Option<u32> {
    let max = node.count("max")?;
    if max == 0 || max > LONGEST {
        let (count, most) = (max.to_string(), LONGEST.to_string());
        desk.say(
            &node.spot,
            ProblemCode::TooLarge,
            &[("count", &count), ("what", "characters"), ("most", &most)],
        );
    }
    Some(max)
}
