//! A definition as parts with named aspects.

use crate::{
    Study,
    confirmed::Confirmed,
    def::{
        Bounds, CheckDef, CodeDef, Codelist, CriterionDef, CriterionRule, DecisionDef, FormDef, ItemDef, ItemGroupDef,
        ItemKind, RegisterDef, Registration, Severity, StudyDef, UnitDef, VisitDef, VisitKind,
    },
    diff::{Laid, Part, Said},
    text::Text,
    value::Missing,
};

type Aspects = Vec<(String, Said)>;

pub(crate) fn lay(study: &Study) -> Vec<Laid> {
    let def = study.def();
    let mut laid = vec![whole(def), registration(&def.registration, &def.oid)];
    laid.extend(
        study
            .landmarks()
            .map(|(name, item)| part(Part::Landmark, name, &plain_text(name), None, [("item", plain(item))])),
    );
    laid.extend(def.visits.iter().map(visit));
    laid.extend(def.registers.iter().map(register));
    for form in &def.forms {
        laid.push(of_form(form));
        for group in &form.groups {
            laid.push(of_group(form, group));
            laid.extend(group.items.iter().map(|item| of_item(group, item)));
        }
    }
    for list in &def.codelists {
        laid.push(of_list(list));
        laid.extend(list.codes.iter().map(|code| {
            let oid = format!("{}/{}", list.oid, code.code);
            part(
                Part::Code,
                &oid,
                &code.text,
                Some(&list.oid),
                [("text", text(&code.text))],
            )
        }));
    }
    laid.extend(def.units.iter().map(unit));
    laid.extend(def.decisions.iter().map(decision));
    laid.extend(study.confirmed().iter().map(confirmed));
    laid.extend(def.criteria.iter().map(criterion));
    laid.extend(def.checks.iter().map(check));
    let codes = |of: Part, codes: &[CodeDef]| -> Vec<Laid> {
        codes
            .iter()
            .map(|code| part(of, &code.code, &code.text, None, [("text", text(&code.text))]))
            .collect()
    };
    laid.extend(codes(Part::Reason, &def.reasons));
    laid.extend(codes(Part::Statement, &def.statements));
    laid
}

fn part<const N: usize>(part: Part, oid: &str, name: &Text, of: Option<&str>, aspects: [(&str, Said); N]) -> Laid {
    Laid {
        part,
        oid: oid.to_owned(),
        name: name.clone(),
        of: of.map(str::to_owned),
        aspects: aspects
            .into_iter()
            .map(|(name, said)| (name.to_owned(), said))
            .collect(),
    }
}

fn text(text: &Text) -> Said {
    Said::Text(text.clone())
}

fn opt_text(of: Option<&Text>) -> Said {
    of.map_or(Said::Nothing, text)
}

fn plain(text: impl ToString) -> Said {
    let text = text.to_string();
    if text.is_empty() {
        Said::Nothing
    } else {
        Said::Plain(text)
    }
}

fn opt_plain(of: Option<impl ToString>) -> Said {
    of.map_or(Said::Nothing, plain)
}

fn yes(set: bool) -> Said {
    Said::Word(if set { "yes" } else { "no" })
}

fn plain_text(text: &str) -> Text {
    Text {
        en: text.to_owned(),
        zh: text.to_owned(),
    }
}

fn whole(def: &StudyDef) -> Laid {
    let forms: Vec<&str> = def.forms.iter().map(|form| form.oid.as_str()).collect();
    part(
        Part::Study,
        "",
        &def.name,
        None,
        [
            ("oid", plain(&def.oid)),
            ("version", plain(&def.version)),
            ("name", text(&def.name)),
            ("identity", opt_text(def.identity.as_ref())),
            ("order", plain(forms.join(", "))),
        ],
    )
}

fn registration(registration: &Registration, oid: &str) -> Laid {
    let mut laid = part(
        Part::Registration,
        "",
        &plain_text(oid),
        None,
        [
            ("title", plain(&registration.title)),
            ("conditions", plain(registration.conditions.join("; "))),
            ("intervention", plain(&registration.intervention)),
            ("rationale", plain(&registration.rationale)),
        ],
    );
    for (no, (measure, frame)) in registration.outcomes.iter().enumerate() {
        laid.aspects
            .push((format!("outcome {}", no + 1), plain(format!("{measure}: {frame}"))));
    }
    for (no, note) in registration.notes.iter().enumerate() {
        laid.aspects.push((format!("note {}", no + 1), text(note)));
    }
    laid
}

fn visit(visit: &VisitDef) -> Laid {
    let kind = match visit.kind {
        VisitKind::Scheduled => "scheduled",
        VisitKind::Unscheduled => "unscheduled",
        VisitKind::Log => "log",
    };
    let window = visit.window.map(|(first, last)| format!("{first} … {last}"));
    part(
        Part::Visit,
        &visit.oid,
        &visit.name,
        None,
        [
            ("name", text(&visit.name)),
            ("visit_kind", Said::Word(kind)),
            ("day", opt_plain(visit.day)),
            ("window", opt_plain(window)),
            ("forms", plain(visit.forms.join(", "))),
        ],
    )
}

fn register(register: &RegisterDef) -> Laid {
    part(
        Part::Register,
        &register.oid,
        &register.name,
        None,
        [
            ("name", text(&register.name)),
            ("form", plain(&register.form)),
            ("key", plain(&register.key)),
            ("referred_by", plain(register.referred_by.join(", "))),
            ("once", plain(register.once.join(", "))),
            ("columns", plain(register.columns.join(", "))),
            ("ranges", inputs(&register.ranges)),
            ("measures", inputs(&register.measures)),
        ],
    )
}

fn confirmed(confirmed: &Confirmed) -> Laid {
    part(
        Part::Confirmed,
        &confirmed.code,
        &plain_text(&confirmed.code),
        None,
        [("by", plain(&confirmed.by)), ("on", plain(confirmed.on))],
    )
}

fn of_form(form: &FormDef) -> Laid {
    let groups: Vec<&str> = form.groups.iter().map(|group| group.oid.as_str()).collect();
    part(
        Part::Form,
        &form.oid,
        &form.name,
        None,
        [
            ("name", text(&form.name)),
            ("domain", plain(&form.domain)),
            ("repeats", yes(form.repeats)),
            ("panels", plain(form.panels.join(", "))),
            ("order", plain(groups.join(", "))),
        ],
    )
}

fn of_group(form: &FormDef, group: &ItemGroupDef) -> Laid {
    part(
        Part::Group,
        &group.oid,
        &group.name,
        Some(&form.oid),
        [
            ("name", text(&group.name)),
            ("form", plain(&form.oid)),
            ("repeats", yes(group.repeats)),
            ("when", opt_plain(group.when.as_ref())),
        ],
    )
}

fn of_item(group: &ItemGroupDef, item: &ItemDef) -> Laid {
    let missing: Vec<&str> = item
        .missing
        .iter()
        .map(|missing| match missing {
            Missing::NotDone => "not_done",
            Missing::Unknown => "unknown",
            Missing::NotApplicable => "not_applicable",
        })
        .collect();
    let mut laid = part(
        Part::Item,
        &item.oid,
        &item.question,
        Some(&group.oid),
        [
            ("question", text(&item.question)),
            ("guidance", opt_text(item.guidance.as_ref())),
            ("group", plain(&group.oid)),
            ("cdash", plain(&item.cdash)),
            ("required", yes(item.required)),
            ("missing", plain(missing.join(", "))),
            ("when", opt_plain(item.when.as_ref())),
            ("hard", bounds(item.hard.as_ref())),
            ("soft", bounds(item.soft.as_ref())),
            ("critical", yes(item.critical)),
        ],
    );
    let kind = kind(&item.kind).into_iter().map(|(name, said)| (name.to_owned(), said));
    laid.aspects.splice(2..2, kind);
    laid
}

fn bounds(bounds: Option<&Bounds>) -> Said {
    let Some(Bounds { low, high }) = bounds else {
        return Said::Nothing;
    };
    let side = |side: &Option<rust_decimal::Decimal>| side.map_or_else(String::new, |number| number.to_string());
    Said::Plain(format!("{} … {}", side(low), side(high)))
}

fn kind(kind: &ItemKind) -> Vec<(&'static str, Said)> {
    let word = |word| ("kind", Said::Word(word));
    match kind {
        ItemKind::Text { max, long } => vec![word("text"), ("max", plain(max)), ("long", yes(*long))],
        ItemKind::Integer { units } => vec![word("integer"), ("units", plain(units.join(", ")))],
        ItemKind::Decimal { units, places, analyte } => vec![
            word("decimal"),
            ("units", plain(units.join(", "))),
            ("places", plain(places)),
            ("analyte", opt_plain(analyte.as_ref())),
        ],
        ItemKind::Code { codelist } => vec![word("code"), ("codelist", plain(codelist))],
        ItemKind::Codes { codelist } => vec![word("codes"), ("codelist", plain(codelist))],
        ItemKind::Date { partial } => vec![word("date"), ("partial", yes(*partial))],
        ItemKind::Time {} => vec![word("time")],
        ItemKind::DateTime {} => vec![word("date_time")],
        ItemKind::Duration { unit } => vec![word("duration"), ("units", plain(unit.word()))],
        ItemKind::Scan { max } => vec![word("scan"), ("max", plain(max))],
        ItemKind::Derived { call, with } => vec![word("derived"), ("call", plain(call)), ("with", inputs(with))],
    }
}

fn inputs(with: &[(String, String)]) -> Said {
    let inputs: Vec<String> = with.iter().map(|(input, item)| format!("{input} = {item}")).collect();
    plain(inputs.join(", "))
}

fn of_list(list: &Codelist) -> Laid {
    let codes: Vec<&str> = list.codes.iter().map(|code| code.code.as_str()).collect();
    let name = plain_text(&list.oid);
    part(
        Part::Codelist,
        &list.oid,
        &name,
        None,
        [("order", plain(codes.join(", ")))],
    )
}

fn unit(unit: &UnitDef) -> Laid {
    part(Part::Unit, &unit.code, &unit.text, None, [("text", text(&unit.text))])
}

fn decision(decision: &DecisionDef) -> Laid {
    let mut laid = part(
        Part::Decision,
        &decision.id,
        &decision.text,
        None,
        [
            ("text", text(&decision.text)),
            ("default", text(&decision.default)),
            ("source", plain(&decision.source)),
        ],
    );
    let values: Aspects = decision
        .values
        .iter()
        .map(|(name, value)| (name.clone(), plain(value)))
        .collect();
    laid.aspects.extend(values);
    laid
}

fn criterion(criterion: &CriterionDef) -> Laid {
    let rule = match &criterion.rule {
        CriterionRule::Computed { call, with } => [("call", plain(call)), ("with", inputs(with))],
        CriterionRule::Asked { item, source } => [("judged", plain(item)), ("stands_in", plain(source))],
    };
    let [first, second] = rule;
    part(
        Part::Criterion,
        &criterion.id,
        &criterion.text,
        None,
        [
            ("text", text(&criterion.text)),
            first,
            second,
            ("decision", opt_plain(criterion.decision.as_ref())),
            ("source", plain(&criterion.source)),
        ],
    )
}

fn check(check: &CheckDef) -> Laid {
    let severity = match check.severity {
        Severity::Hard => "hard",
        Severity::Soft => "soft",
    };
    part(
        Part::Check,
        &check.id,
        &check.text,
        None,
        [
            ("severity", Said::Word(severity)),
            ("item", plain(&check.item)),
            ("fires", plain(&check.fires)),
            ("text", text(&check.text)),
            ("source", plain(&check.source)),
        ],
    )
}
