//! The dictionary for programs: one row an item, RFC 4180, UTF-8.

use crate::{
    Study,
    dictionary::{Takes, kind_word, missing_word, range, visits},
};

/// Column names: fixed, for programs.
const COLUMNS: [&str; 23] = [
    "visits",
    "form",
    "form_en",
    "form_zh",
    "group",
    "group_repeats",
    "item",
    "question_en",
    "question_zh",
    "guidance_en",
    "guidance_zh",
    "cdash",
    "kind",
    "codes",
    "units",
    "length",
    "places",
    "hard",
    "soft",
    "required",
    "missing",
    "shown_when",
    "computed",
];

/// Every item of a study, with a line of column names.
#[must_use]
pub fn csv(study: &Study) -> String {
    let mut out = line(&COLUMNS.map(str::to_owned));
    for form in &study.def().forms {
        for group in &form.groups {
            for item in &group.items {
                let takes = Takes::of(item);
                let codes = takes.codelist.and_then(|list| study.codelist(list)).map(|list| {
                    let codes = list.codes.iter();
                    let codes: Vec<String> = codes
                        .map(|code| format!("{} = {} | {}", code.code, code.text.en, code.text.zh))
                        .collect();
                    codes.join("; ")
                });
                let missing: Vec<&str> = item.missing.iter().map(|missing| missing_word(*missing)).collect();
                // A group that is hidden hides its items.
                let when: Vec<&str> = [&group.when, &item.when]
                    .into_iter()
                    .filter_map(|when| when.as_deref())
                    .collect();
                let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
                let guidance = item.guidance.clone().unwrap_or_default();
                out.push_str(&line(&[
                    visits(study, &form.oid).join(" "),
                    form.oid.clone(),
                    form.name.en.clone(),
                    form.name.zh.clone(),
                    group.oid.clone(),
                    group.repeats.to_string(),
                    item.oid.clone(),
                    item.question.en.clone(),
                    item.question.zh.clone(),
                    guidance.en,
                    guidance.zh,
                    item.cdash.clone(),
                    kind_word(&item.kind).to_owned(),
                    codes.unwrap_or_default(),
                    takes.units.join("; "),
                    number(takes.longest),
                    number(takes.places),
                    range(&item.kind, item.hard.as_ref()),
                    range(&item.kind, item.soft.as_ref()),
                    item.required.to_string(),
                    missing.join(" "),
                    when.join(" && "),
                    takes.computed.unwrap_or_default(),
                ]));
            }
        }
    }
    out
}

fn line(fields: &[String; 23]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field; a spreadsheet must not take a text for a formula, so one that begins like a formula gets an apostrophe.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '@', '\t', '\r']) || field.starts_with('-') && field.len() > 1;
    let field = if formula { format!("'{field}") } else { field.to_owned() };
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_are_no_formulas() {
        for (field, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("-5 … 5", "'-5 … 5"),
        ] {
            assert_eq!(quoted(field), written);
        }
    }
}
