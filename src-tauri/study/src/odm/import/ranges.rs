//! Range checks: inclusive bounds of numbers are bounds, other comparisons are checks, the rest is unclear.

use roxmltree::Node;
use rust_decimal::Decimal;

use crate::odm::{
    OURS,
    import::{
        items::{Context, Takes},
        page::{Page, quoted},
        report::NoteCode,
        source::words,
        texts,
    },
};

/// Lowest and highest of one severity.
#[derive(Default, Clone, Copy)]
struct Bounds {
    low: Option<Decimal>,
    high: Option<Decimal>,
}

pub(crate) fn write<'x>(
    context: &Context<'_, 'x>,
    node: Node<'x, 'x>,
    own: &str,
    takes: Takes,
    unit: Option<&'x str>,
    page: &mut Page,
    checks: &mut Page,
) {
    let source = context.source;
    let (mut hard, mut soft) = (Bounds::default(), Bounds::default());
    let mut no = 0;
    for check in source.children(node, "RangeCheck") {
        let comparator = source.attribute(check, "Comparator").unwrap_or("");
        let weight = source.attribute(check, "SoftHard").unwrap_or("");
        let values: Vec<String> = source.children(check, "CheckValue").into_iter().map(words).collect();
        let of_unit = source
            .child(check, "MeasurementUnitRef")
            .and_then(|unit| source.attribute(unit, "MeasurementUnitOID"));
        let said = format!("{weight} {comparator} {}", values.join(" "));
        let facts = [("oid", own), ("text", said.as_str())];
        let bounds = match weight {
            "Hard" => &mut hard,
            "Soft" => &mut soft,
            _ => {
                source.note(check, NoteCode::RangeCheck, &facts);
                page.comment(&format!("unclear: range check {said}"));
                continue;
            }
        };
        if let Some(other) = of_unit.filter(|other| unit != Some(*other)) {
            let facts = [("oid", own), ("text", said.as_str()), ("unit", other)];
            source.note(check, NoteCode::RangeUnit, &facts);
            page.comment(&format!("unclear: range check {said} in {other}"));
            continue;
        }
        if let Some((id, fires)) = ours(context, check) {
            entry(context, check, checks, &id, weight, own, &fires);
            continue;
        }
        if bounds.take(takes, comparator, &values) {
            source.keep("bounds");
            continue;
        }
        match fires(own, takes, comparator, &values) {
            Some(fires) => {
                no += 1;
                entry(context, check, checks, &format!("{own}-{no}"), weight, own, &fires);
            }
            None => {
                source.note(check, NoteCode::RangeCheck, &facts);
                page.comment(&format!("unclear: range check {said}"));
            }
        }
    }
    for (key, bounds) in [("hard", hard), ("soft", soft)] {
        let sides = [("low", bounds.low), ("high", bounds.high)];
        let sides: Vec<String> = sides
            .into_iter()
            .filter_map(|(side, value)| Some(format!("{side} = {}", value?)))
            .collect();
        if !sides.is_empty() {
            page.line(key, &format!("{{ {} }}", sides.join(", ")));
        }
    }
}

impl Bounds {
    /// Takes an inclusive bound; several of them are all meant, so the narrowest holds. A whole number above 5 is at
    /// least 6, no other number is.
    fn take(&mut self, takes: Takes, comparator: &str, values: &[String]) -> bool {
        let [value] = values else { return false };
        let read = match takes {
            Takes::Long => minutes(value),
            Takes::Whole | Takes::Decimal | Takes::Words | Takes::Other => value.parse().ok(),
        };
        let Some(value) = read else { return false };
        let whole = takes == Takes::Whole && value.fract().is_zero();
        let (low, high) = match (comparator, takes) {
            ("GE", Takes::Whole | Takes::Decimal | Takes::Long) => (Some(value), None),
            ("LE", Takes::Whole | Takes::Decimal | Takes::Long) => (None, Some(value)),
            ("GT", Takes::Whole) if whole => (value.checked_add(Decimal::ONE), None),
            ("LT", Takes::Whole) if whole => (None, value.checked_sub(Decimal::ONE)),
            _ => return false,
        };
        if let Some(low) = low {
            self.low = Some(self.low.map_or(low, |known| known.max(low)));
        }
        if let Some(high) = high {
            self.high = Some(self.high.map_or(high, |known| known.min(high)));
        }
        low.is_some() || high.is_some()
    }
}

/// Minutes of a duration of ISO 8601: days, hours, minutes and seconds. Years and months have no length of their own.
fn minutes(text: &str) -> Option<Decimal> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-Decimal::ONE, rest),
        None => (Decimal::ONE, text),
    };
    let (days, time) = match rest.strip_prefix('P')?.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (rest.strip_prefix('P')?, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let whole = parts(days, &[('D', 86_400)])?.checked_add(parts(time, &[('H', 3600), ('M', 60), ('S', 1)])?)?;
    Some(whole.checked_div(Decimal::from(60))?.checked_mul(sign)?.normalize())
}

/// Seconds of figures with their letters, each letter once and in order; only the seconds may have a fraction.
fn parts(mut text: &str, letters: &[(char, i64)]) -> Option<Decimal> {
    let mut whole = Decimal::ZERO;
    let mut left = letters.iter();
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (figure, rest) = text.split_at(end);
        let letter = rest.chars().next()?;
        let (_, seconds) = left.find(|(known, _)| *known == letter)?;
        if figure.contains('.') && *seconds > 1 {
            return None;
        }
        whole = whole.checked_add(figure.parse::<Decimal>().ok()?.checked_mul(Decimal::from(*seconds))?)?;
        text = rest.get(letter.len_utf8()..)?;
    }
    Some(whole)
}

/// The comparison as an expression that is true when it is not kept.
fn fires(own: &str, takes: Takes, comparator: &str, values: &[String]) -> Option<String> {
    let literal = |value: &String| match takes {
        Takes::Whole | Takes::Decimal => value.parse::<Decimal>().ok().map(|number| number.to_string()),
        Takes::Words => {
            let plain = value.is_ascii() && !value.contains(['"', '\\', '\'']) && !value.contains(char::is_control);
            plain.then(|| format!("\"{value}\""))
        }
        Takes::Long | Takes::Other => None,
    };
    let values: Vec<String> = values.iter().map(literal).collect::<Option<_>>()?;
    let number = takes != Takes::Words;
    let fires = match (comparator, values.as_slice()) {
        ("LT", [value]) if number => format!("{own} >= {value}"),
        ("GT", [value]) if number => format!("{own} <= {value}"),
        ("EQ", [value]) => format!("{own} != {value}"),
        ("NE", [value]) => format!("{own} == {value}"),
        ("IN", [_, ..]) => format!("!({own} in [{}])", values.join(", ")),
        ("NOTIN", [_, ..]) => format!("{own} in [{}]", values.join(", ")),
        _ => return None,
    };
    // In a rule, a name is a form and an item.
    (own.split('.').count() == 2).then_some(fires)
}

/// A check of ours that went out and comes back: its identifier and when it fires.
fn ours<'x>(context: &Context<'_, 'x>, check: Node<'x, 'x>) -> Option<(String, String)> {
    let source = context.source;
    let expression = source.child(check, "FormalExpression")?;
    let id = source
        .attribute(expression, "Context")?
        .strip_prefix(OURS)?
        .strip_prefix("check.")?;
    let text = words(expression);
    let fires = text.strip_prefix("!(")?.strip_suffix(')')?;
    Some((id.to_owned(), fires.to_owned()))
}

fn entry<'x>(
    context: &Context<'_, 'x>,
    check: Node<'x, 'x>,
    checks: &mut Page,
    id: &str,
    weight: &str,
    own: &str,
    fires: &str,
) {
    let text = texts::read(context.source, context.source.child(check, "ErrorMessage"));
    checks.raw("");
    for open in &text.open {
        checks.comment(&format!("text without language: {open}"));
    }
    checks.raw("[[check]]");
    checks.text("id", id);
    checks.text("severity", if weight == "Hard" { "hard" } else { "soft" });
    checks.text("item", own);
    checks.line("fires", &quoted(fires));
    checks.both("text", &text.text);
    checks.text("source", "ODM");
    context.source.keep("checks");
}
