//! The dictionary for people: one page that needs nothing else, and prints.

use crate::{
    Study,
    def::{FormDef, ItemDef, ItemGroupDef},
    dictionary::{Side, Takes, kind_word, missing_word, range, visits},
};

const STYLE: &str = include_str!("page.css");

/// The page in one language. `word` gives headings and words for the keys `dictionary_*`.
#[must_use]
pub fn page(study: &Study, side: Side, word: &dyn Fn(&str) -> String) -> String {
    let def = study.def();
    let language = match side {
        Side::English => "en",
        Side::Chinese => "zh-Hans",
    };
    let title = format!("{} · {} {}", word("dictionary_title"), def.oid, def.version);
    let mut body = format!(
        "<header><h1>{}</h1><p>{}</p><p class=\"quiet\">{}</p></header>\n",
        escaped(&title),
        escaped(side.of(&def.name)),
        escaped(&def.registration.title)
    );
    let items: usize = def
        .forms
        .iter()
        .flat_map(|form| &form.groups)
        .map(|group| group.items.len())
        .sum();
    body.push_str("<nav><ol>");
    for form in &def.forms {
        body.push_str(&format!(
            "<li><a href=\"#{0}\">{1}</a> <code>{0}</code></li>",
            escaped(&form.oid),
            escaped(side.of(&form.name))
        ));
    }
    body.push_str(&format!(
        "</ol><p class=\"quiet\">{} {} · {} {}</p></nav>\n",
        def.forms.len(),
        escaped(&word("dictionary_forms")),
        items,
        escaped(&word("dictionary_items")),
    ));
    for one in &def.forms {
        body.push_str(&form(study, one, side, word));
    }
    body.push_str(&codelists(study, side, word));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\"><title>{}</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n{STYLE}</style></head>\n<body>\n{body}</body>\n</html>\n",
        escaped(&title)
    )
}

fn form(study: &Study, form: &FormDef, side: Side, word: &dyn Fn(&str) -> String) -> String {
    let collected = visits(study, &form.oid);
    let repeats = if form.repeats {
        format!(" · {}", word("dictionary_repeats"))
    } else {
        String::new()
    };
    let mut out = format!(
        "<section id=\"{oid}\"><h2>{name} <code>{oid}</code></h2>\n<p class=\"quiet\">{at}: {visits}{repeats}</p>\n",
        oid = escaped(&form.oid),
        name = escaped(side.of(&form.name)),
        at = escaped(&word("dictionary_visits")),
        visits = escaped(&collected.join(", ")),
        repeats = escaped(&repeats),
    );
    for one in &form.groups {
        out.push_str(&group(one, side, word));
    }
    out.push_str("</section>\n");
    out
}

fn group(group: &ItemGroupDef, side: Side, word: &dyn Fn(&str) -> String) -> String {
    let mut facts = Vec::new();
    if group.repeats {
        facts.push(escaped(&word("dictionary_rows")));
    }
    if let Some(when) = &group.when {
        facts.push(format!(
            "{}: <code>{}</code>",
            escaped(&word("dictionary_when")),
            escaped(when)
        ));
    }
    let mut out = format!(
        "<h3>{} <code>{}</code></h3>\n<p class=\"quiet\">{}</p>\n<table><thead><tr>",
        escaped(side.of(&group.name)),
        escaped(&group.oid),
        facts.join(" · ")
    );
    for heading in ["item", "question", "takes", "range", "asked"] {
        out.push_str(&format!(
            "<th scope=\"col\">{}</th>",
            escaped(&word(&format!("dictionary_{heading}")))
        ));
    }
    out.push_str("</tr></thead><tbody>\n");
    for one in &group.items {
        out.push_str(&item(one, side, word));
    }
    out.push_str("</tbody></table>\n");
    out
}

fn item(item: &ItemDef, side: Side, word: &dyn Fn(&str) -> String) -> String {
    let takes = Takes::of(item);
    let said = |key: &str| escaped(&word(&format!("dictionary_{key}")));
    let mut what = vec![said(&format!("kind_{}", kind_word(&item.kind)))];
    if takes.partial {
        what.push(said("partial"));
    }
    if let Some(list) = takes.codelist {
        what.push(format!("<a href=\"#list-{0}\"><code>{0}</code></a>", escaped(list)));
    }
    if !takes.units.is_empty() {
        what.push(escaped(&takes.units.join(", ")));
    }
    if let Some(longest) = takes.longest {
        what.push(format!("{} {longest}", said("length")));
    }
    if let Some(places) = takes.places {
        what.push(format!("{} {places}", said("places")));
    }
    if let Some(computed) = &takes.computed {
        what.push(format!("<code>{}</code>", escaped(computed)));
    }
    let ranges: Vec<String> = [("hard", &item.hard), ("soft", &item.soft)]
        .into_iter()
        .filter(|(_, bounds)| bounds.is_some())
        .map(|(key, bounds)| format!("{} {}", said(key), escaped(&range(&item.kind, bounds.as_ref()))))
        .collect();
    let mut asked = Vec::new();
    if item.required {
        asked.push(said("required"));
    }
    if !item.missing.is_empty() {
        let missing = item.missing.iter();
        let missing: Vec<String> = missing
            .map(|missing| said(&format!("missing_{}", missing_word(*missing))))
            .collect();
        asked.push(format!("{} {}", said("missing"), missing.join(", ")));
    }
    if item.critical {
        asked.push(said("critical"));
    }
    if let Some(when) = &item.when {
        asked.push(format!("{}: <code>{}</code>", said("when"), escaped(when)));
    }
    let guidance = item.guidance.as_ref().map(|text| side.of(text)).unwrap_or_default();
    format!(
        "<tr><td><code>{}</code><br><span class=\"quiet\">{}</span></td><td>{}<br><span class=\"quiet\">{}</span></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escaped(&item.oid),
        escaped(if item.cdash == "own" { "" } else { &item.cdash }),
        escaped(side.of(&item.question)),
        escaped(guidance),
        what.join("<br>"),
        ranges.join("<br>"),
        asked.join("<br>"),
    )
}

fn codelists(study: &Study, side: Side, word: &dyn Fn(&str) -> String) -> String {
    let mut out = format!("<section><h2>{}</h2>\n", escaped(&word("dictionary_codelists")));
    for list in &study.def().codelists {
        out.push_str(&format!(
            "<h3 id=\"list-{0}\"><code>{0}</code></h3>\n<table class=\"codes\"><tbody>\n",
            escaped(&list.oid)
        ));
        for code in &list.codes {
            out.push_str(&format!(
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td></tr>\n",
                escaped(&code.code),
                escaped(side.of(&code.text))
            ));
        }
        out.push_str("</tbody></table>\n");
    }
    out.push_str("</section>\n");
    out
}

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
