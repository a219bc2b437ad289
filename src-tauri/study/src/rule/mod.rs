//! One expression of the definition: parsed, its references known, three-valued when it runs.
//!
//! A value that is missing is not declared. CEL's `&&` and `||` absorb the error of one side where the other decides;
//! what is not absorbed is [`Truth::Unknown`], with the references still missing. An expression selects and compares:
//! no arithmetic, no regular expressions, no loops, no text in another script than ASCII.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, Program,
    common::ast::{Expr, IdedExpr},
};
use serde::Serialize;
use ts_rs::TS;

use crate::path::{Oid, is_oid};

mod functions;
pub(crate) mod types;

/// Longest expression, in bytes.
const LONGEST: usize = 600;
/// Deepest nesting of brackets in an expression.
const DEEPEST: usize = 8;
/// Most signs, comparisons and dots, each, in an expression.
const MOST: usize = 40;

/// What an expression says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "truth", rename_all = "snake_case")]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It depends on values that are not recorded.
    Unknown {
        /// Items still missing.
        missing: Vec<Oid>,
    },
    /// It could not run. Said on the form; never hides an item, never passes.
    Broken {
        /// What the evaluator said.
        why: String,
    },
}

/// Which end of a number that is known only to lie between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The smaller.
    Low,
    /// The larger.
    High,
}

/// An item named in an expression or a binding, with the visit where it says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemRef {
    /// The visit named, if one is.
    pub visit: Option<Oid>,
    /// The item.
    pub item: Oid,
}

impl ItemRef {
    /// Reads `FORM.NAME` or `VISIT:FORM.NAME`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (visit, item) = match text.split_once(':') {
            Some((visit, item)) => (Some(visit), item),
            None => (None, text),
        };
        (is_oid(item) && visit.is_none_or(is_oid)).then(|| Self {
            visit: visit.map(str::to_owned),
            item: item.to_owned(),
        })
    }
}

/// A value as expressions see it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Seen {
    /// A number in the item's canonical unit.
    Number(f64),
    /// A text, a code, a date.
    Text(String),
    /// Several codes.
    Codes(Vec<String>),
}

impl From<Seen> for cel::Value {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Number(number) => Self::Float(number),
            Seen::Text(text) => Self::String(Arc::new(text)),
            Seen::Codes(codes) => Self::List(Arc::new(codes.into_iter().map(|c| Self::String(Arc::new(c))).collect())),
        }
    }
}

/// Why an expression does not become a rule: what, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    Syntax {
        at: Range<usize>,
        message: String,
    },
    Forbidden {
        at: Range<usize>,
        what: String,
    },
    TooLarge {
        what: &'static str,
        count: usize,
        most: usize,
    },
}

/// A compiled expression.
#[derive(Debug)]
pub struct Rule {
    source: String,
    program: Program,
    /// Every place that names an item.
    sites: Vec<(ItemRef, Range<usize>)>,
    /// The items named, each once.
    refs: Vec<ItemRef>,
}

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

thread_local! {
    /// The scope that holds the named functions, made once: rules run by the thousand.
    static WITH_FUNCTIONS: Result<Context<'static, 'static>, String> = {
        let mut context = Context::with_env(Arc::clone(&ENV));
        functions::declare(&mut context).map(|()| context).map_err(|error| error.to_string())
    };
}

impl Rule {
    pub(crate) fn compile(source: &str) -> Result<Self, Refused> {
        if source.len() > LONGEST {
            return Err(Refused::TooLarge {
                what: "bytes",
                count: source.len(),
                most: LONGEST,
            });
        }
        if let Some((at, c)) = source.char_indices().find(|(_, c)| !c.is_ascii()) {
            return Err(Refused::Forbidden {
                at: at..at + c.len_utf8(),
                what: format!("the character `{c}`"),
            });
        }
        bounded(source)?;
        let program = ENV.compile(source).map_err(|errors| {
            let first = errors.errors.first();
            let (line, column) = first.map_or((1, 1), |error| error.pos);
            let at = offset(source, line, column);
            let message = first.map_or_else(String::new, |error| plain(&error.msg));
            Refused::Syntax {
                at: at..(at + 1).min(source.len().max(at)),
                message,
            }
        })?;
        let mut sites = Vec::new();
        collect(&program, program.expression(), &mut sites)?;
        let mut seen = BTreeSet::new();
        let refs = sites.iter().map(|(item, _)| item).filter(|item| seen.insert(*item));
        Ok(Self {
            source: source.to_owned(),
            refs: refs.cloned().collect(),
            program,
            sites,
        })
    }

    /// The expression as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The items it reads, each once.
    pub fn refs(&self) -> impl Iterator<Item = &ItemRef> {
        self.refs.iter()
    }

    /// The items it reads and where in its text.
    pub(crate) fn ref_sites(&self) -> &[(ItemRef, Range<usize>)] {
        &self.sites
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// Runs it. `value` gives what is recorded for a reference, or nothing.
    pub(crate) fn eval(&self, mut value: impl FnMut(&ItemRef) -> Option<Seen>) -> Truth {
        // A visit and a form may share a name (`CRS`): both hang from one variable.
        let mut tops: HashMap<String, HashMap<String, cel::Value>> = HashMap::new();
        let mut at_visits: BTreeMap<(String, String), HashMap<String, cel::Value>> = BTreeMap::new();
        let mut missing = Vec::new();
        for reference in self.refs() {
            let (form, name) = reference.item.split_once('.').unwrap_or((&reference.item, ""));
            let items = match &reference.visit {
                None => tops.entry(form.to_owned()).or_default(),
                Some(visit) => at_visits.entry((visit.clone(), form.to_owned())).or_default(),
            };
            match value(reference) {
                Some(seen) => {
                    items.insert(name.to_owned(), seen.into());
                }
                None => missing.push(reference.item.clone()),
            }
        }
        for ((visit, form), items) in at_visits {
            tops.entry(visit).or_default().insert(form, items.into());
        }
        let executed = WITH_FUNCTIONS.with(|functions| {
            let functions = functions.as_ref().map_err(Clone::clone)?;
            let mut scope = functions.new_inner_scope();
            for (name, items) in tops {
                scope.add_variable_from_value(name, items);
            }
            Ok(self.program.execute(&scope))
        });
        let executed = match executed {
            Ok(executed) => executed,
            Err(why) => return Truth::Broken { why },
        };
        match executed {
            Ok(cel::Value::Bool(true)) => Truth::True,
            Ok(cel::Value::Bool(false)) => Truth::False,
            Ok(other) => Truth::Broken {
                why: format!("the result is {other:?}"),
            },
            // With everything declared nothing can be missing: then the expression itself is at fault.
            Err(cel::ExecutionError::NoSuchKey(_)) if !missing.is_empty() => Truth::Unknown { missing },
            Err(error) => Truth::Broken { why: error.to_string() },
        }
    }
}

/// The byte at a line and column that the parser tells, both from 1.
fn offset(source: &str, line: isize, column: isize) -> usize {
    let line = usize::try_from(line - 1).unwrap_or(0);
    let column = usize::try_from(column - 1).unwrap_or(0);
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    (start + column).min(source.len())
}

/// The parser's message up to its list of everything else that could stand there.
fn plain(message: &str) -> String {
    let message = message.split(" expecting {").next().unwrap_or(message);
    message.trim_start_matches("Syntax error: ").to_owned()
}

/// Refuses what is nested or chained too deep, before the parser sees it: the parser descends on the stack, and a
/// definition must not be able to end the program.
fn bounded(source: &str) -> Result<(), Refused> {
    let (mut open, mut deepest, mut quote, mut escaped) = (0_usize, 0, None, false);
    let (mut signs, mut comparisons, mut dots) = (0_usize, 0_usize, 0_usize);
    for (at, c) in source.char_indices() {
        if let Some(mark) = quote {
            quote = if c == mark && !escaped { None } else { Some(mark) };
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' => {
                open += 1;
                deepest = deepest.max(open);
            }
            ')' | ']' => open = open.saturating_sub(1),
            '?' | '-' | '!' => signs += 1,
            '<' | '>' | '=' => comparisons += 1,
            '.' => dots += 1,
            '+' | '*' | '/' | '%' | '{' | '}' => {
                return Err(Refused::Forbidden {
                    at: at..at + 1,
                    what: format!("`{c}`"),
                });
            }
            _ => {}
        }
    }
    for (what, count, most) in [
        ("levels of brackets", deepest, DEEPEST),
        ("signs", signs, MOST),
        ("comparisons", comparisons, MOST),
        ("dots", dots, MOST),
    ] {
        if count > most {
            return Err(Refused::TooLarge { what, count, most });
        }
    }
    Ok(())
}

/// Operators and functions that an expression may use.
const ALLOWED: [&str; 13] = [
    "_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "_?_:_", "-_", "size",
];

fn collect(program: &Program, expr: &IdedExpr, refs: &mut Vec<(ItemRef, Range<usize>)>) -> Result<(), Refused> {
    let forbidden = |what: String| {
        Err(Refused::Forbidden {
            at: place(program, expr),
            what,
        })
    };
    match &expr.expr {
        Expr::Literal(_) => Ok(()),
        Expr::List(list) => list
            .elements
            .iter()
            .try_for_each(|element| collect(program, element, refs)),
        Expr::Call(call) => {
            let name = call.func_name.as_str();
            if !ALLOWED.contains(&name) && !functions::NAMES.contains(&name) {
                return forbidden(format!("`{}`", name.trim_matches('_').trim_start_matches('@')));
            }
            if call.target.is_some() {
                return forbidden(format!("`{name}` written as a method"));
            }
            call.args.iter().try_for_each(|arg| collect(program, arg, refs))
        }
        Expr::Ident(name) => forbidden(format!("`{name}` alone: items are written FORM.NAME")),
        Expr::Select(select) if select.test => forbidden("`has`".to_owned()),
        Expr::Select(_) => match item_ref(expr) {
            Some(item) => {
                refs.push((item, place(program, expr)));
                Ok(())
            }
            None => forbidden("more than VISIT.FORM.NAME".to_owned()),
        },
        Expr::Comprehension(_) => forbidden("loops (`all`, `exists`, `map`, `filter`)".to_owned()),
        Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => forbidden("maps or structures".to_owned()),
    }
}

/// `FORM.NAME` or `VISIT.FORM.NAME`.
pub(crate) fn item_ref(expr: &IdedExpr) -> Option<ItemRef> {
    let mut parts = Vec::new();
    let mut at = expr;
    loop {
        match &at.expr {
            Expr::Select(select) if !select.test => {
                parts.push(select.field.as_str());
                at = &select.operand;
            }
            Expr::Ident(name) => {
                parts.push(name);
                break;
            }
            Expr::Select(_)
            | Expr::Unspecified
            | Expr::Call(_)
            | Expr::Comprehension(_)
            | Expr::List(_)
            | Expr::Literal(_)
            | Expr::Map(_)
            | Expr::Struct(_) => return None,
        }
    }
    parts.reverse();
    match parts.as_slice() {
        [form, name] => Some(ItemRef {
            visit: None,
            item: format!("{form}.{name}"),
        }),
        [visit, form, name] => Some(ItemRef {
            visit: Some((*visit).to_owned()),
            item: format!("{form}.{name}"),
        }),
        _ => None,
    }
}

/// Where a part of the expression stands, in bytes. For a selection: from its first name to its last.
pub(crate) fn place(program: &Program, expr: &IdedExpr) -> Range<usize> {
    let own = program
        .source_info()
        .offset_for(expr.id)
        .map_or(0..0, |(start, stop)| start as usize..stop as usize + 1);
    if let Expr::Select(select) = &expr.expr {
        let start = place(program, &select.operand).start;
        return start..own.start + 1 + select.field.len();
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `A`, `B` as true (1), false (0) or missing.
    fn truth(source: &str, a: Option<f64>, b: Option<f64>) -> Truth {
        let rule = Rule::compile(source).unwrap();
        rule.eval(|reference| if reference.item == "F.A" { a } else { b }.map(Seen::Number))
    }

    #[test]
    fn three_valued() {
        let unknown = |missing: &[&str]| Truth::Unknown {
            missing: missing.iter().map(|m| (*m).to_owned()).collect(),
        };
        let (yes, no, none) = (Some(1.0), Some(0.0), None);
        for (a, b, and, or) in [
            (yes, yes, Truth::True, Truth::True),
            (yes, no, Truth::False, Truth::True),
            (no, no, Truth::False, Truth::False),
            (yes, none, unknown(&["F.B"]), Truth::True),
            (none, yes, unknown(&["F.A"]), Truth::True),
            (no, none, Truth::False, unknown(&["F.B"])),
            (none, no, Truth::False, unknown(&["F.A"])),
            (none, none, unknown(&["F.A", "F.B"]), unknown(&["F.A", "F.B"])),
        ] {
            assert_eq!(truth("F.A == 1 && F.B == 1", a, b), and, "{a:?} and {b:?}");
            assert_eq!(truth("F.A == 1 || F.B == 1", a, b), or, "{a:?} or {b:?}");
        }
        assert_eq!(truth("!(F.A == 1)", none, none), unknown(&["F.A"]));
        assert_eq!(truth("F.A == 1 ? F.B == 1 : true", no, none), Truth::True);
        assert_eq!(truth("F.A == 1 ? F.B == 1 : true", yes, none), unknown(&["F.B"]));
    }

    /// Decimals compare as written: no binary dust between 37.9 and 38.0.
    #[test]
    fn numbers_compare_by_their_digits() {
        let at = |text: &str| text.parse().ok();
        assert_eq!(truth("F.A >= 38.0", at("38.0"), None), Truth::True);
        assert_eq!(truth("F.A >= 38", at("37.9"), None), Truth::False);
        assert_eq!(truth("F.A == 0.3", at("0.3"), None), Truth::True);
        assert_eq!(truth("percent_change(F.A, F.B) > 10", at("60"), at("54")), Truth::False);
        assert_eq!(
            truth("percent_change(F.A, F.B) > 10", at("60"), at("53.9")),
            Truth::True
        );
        assert_eq!(truth("percent_change(F.A, F.B) > 10", at("0"), at("54")), Truth::True);
        assert_eq!(
            truth("percent_change(F.A, F.B) > 10", at("60"), None),
            Truth::Unknown {
                missing: vec!["F.B".into()]
            }
        );
    }

    #[test]
    fn a_rule_that_cannot_run_is_broken_not_false() {
        let rule = Rule::compile("minutes_between(F.A, F.B) > 0").unwrap();
        let said = rule.eval(|_| Some(Seen::Text("ten past two".into())));
        assert!(matches!(said, Truth::Broken { .. }), "{said:?}");
    }

    #[test]
    fn references_are_read_from_the_text() {
        assert_eq!(
            ItemRef::parse("SCR:DM.SEX"),
            Some(ItemRef {
                visit: Some("SCR".into()),
                item: "DM.SEX".into()
            })
        );
        assert_eq!(ItemRef::parse("dm.sex"), None);
        let rule = Rule::compile("F.A == 1 || SCR.F.A == 1 || F.A == 2").unwrap();
        assert_eq!(rule.refs().count(), 2);
    }
}
