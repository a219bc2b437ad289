//! What is wrong with a definition, and where.
//!
//! A loader tells everything: each problem has its file, its place and its facts. Sentences are made from the code and
//! the facts, here in English for `lint`.

use serde::Serialize;

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The file is not TOML.
    Syntax,
    /// A file that a definition does not have.
    UnexpectedFile,
    /// A file that a definition needs is absent.
    FileAbsent,
    /// A file is larger, or the definition has more of something, than is allowed.
    TooLarge,
    /// A key nobody reads: usually a slip of the pen.
    UnknownKey,
    /// A key that must be there is not.
    KeyAbsent,
    /// The value is of another type.
    WrongType,
    /// Not one of the words allowed here.
    UnknownWord,
    /// A text lacks one of the two languages.
    LanguageAbsent,
    /// Not an identifier.
    NotAnOid,
    /// An item or group that does not carry its form's name.
    OidNotOfForm,
    /// The same identifier twice.
    Duplicate,
    /// No such codelist.
    UnknownCodelist,
    /// No such code in the codelist.
    UnknownCode,
    /// No such unit in the definition.
    UnknownUnit,
    /// A unit that the analyte is not measured in.
    UnitNotConvertible,
    /// No such item.
    UnknownItem,
    /// No such form.
    UnknownForm,
    /// No such visit.
    UnknownVisit,
    /// No such decision.
    UnknownDecision,
    /// No rule and no decision that could be confirmed.
    UnknownRule,
    /// A form that no visit collects.
    NeverCollected,
    /// Two visits could claim the same day.
    WindowsOverlap,
    /// A window that does not hold its own target day, or ends before it begins.
    WindowWrong,
    /// Low above high, or soft wider than hard.
    BoundsWrong,
    /// The item asks for something that tells who a person is.
    IdentifiesAPerson,
    /// The expression does not parse.
    RuleSyntax,
    /// The expression uses something that rules may not use.
    RuleForbidden,
    /// The expression compares or combines what does not go together.
    RuleType,
    /// The expression fails on sample values.
    RuleFails,
    /// The expression is never true whatever is entered.
    NeverTrue,
    /// The expression is longer or deeper than allowed.
    RuleTooLarge,
    /// The reference could mean several records.
    Ambiguous,
    /// The reference points at rows from outside their group.
    IntoRows,
    /// A rule or derivation depends on itself.
    Circular,
    /// No such function of medicine.
    UnknownCall,
    /// The function has no such input.
    UnknownInput,
    /// The function needs an input that is not bound.
    InputNotBound,
    /// The item bound is of another type than the input.
    InputType,
    /// Required, but nobody can answer it: derived items are computed.
    DerivedRequired,
    /// A judgement item without the three codes of a judgement.
    NotAJudgement,
}

/// One thing wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// File, as handed to the loader.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// First byte concerned.
    pub start: usize,
    /// Byte after the last one concerned.
    pub end: usize,
    /// What kind of thing.
    pub code: ProblemCode,
    /// Names and values that make the sentence.
    pub facts: Vec<(String, String)>,
}

impl Problem {
    /// A problem at bytes `start..end` of a file's text.
    pub(crate) fn at(
        file: &str,
        text: &str,
        span: std::ops::Range<usize>,
        code: ProblemCode,
        facts: &[(&str, &str)],
    ) -> Self {
        let start = span.start.min(text.len());
        let before = text.get(..start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            file: file.to_owned(),
            line: count(before.matches('\n').count() + 1),
            column: count(before.get(line_start..).unwrap_or("").chars().count() + 1),
            start,
            end: span.end.clamp(start, text.len()),
            code,
            facts: facts
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    /// The value of a fact; empty when there is none.
    #[must_use]
    pub fn fact(&self, name: &str) -> &str {
        self.facts
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value)
    }

    /// The sentence in English.
    #[must_use]
    pub fn english(&self) -> String {
        use ProblemCode as C;
        let f = |name: &str| self.fact(name);
        match self.code {
            C::Syntax => format!("not TOML: {}", f("message")),
            C::UnexpectedFile => format!("no part of a definition is called `{}`", f("name")),
            C::FileAbsent => format!("the file `{}` is needed", f("name")),
            C::TooLarge => format!("{} {} is more than the {} allowed", f("count"), f("what"), f("most")),
            C::UnknownKey => format!("nobody reads the key `{}`", f("key")),
            C::KeyAbsent => format!("the key `{}` is needed here", f("key")),
            C::WrongType => format!("`{}` must be {}", f("key"), f("expected")),
            C::UnknownWord => format!("`{}` is not one of {}", f("word"), f("allowed")),
            C::LanguageAbsent => format!("`{}` has no text in {}", f("key"), f("language")),
            C::NotAnOid => format!("`{}` is not an identifier (capitals, digits, `_`, `.`)", f("oid")),
            C::OidNotOfForm => format!("`{}` must be `{}.` and one name", f("oid"), f("form")),
            C::Duplicate => format!("`{}` is defined twice; first at {}", f("oid"), f("first")),
            C::UnknownCodelist => format!("no codelist `{}`", f("oid")),
            C::UnknownCode => format!("`{}` is not a code of {}", f("code"), f("codelist")),
            C::UnknownUnit => format!("no unit `{}`", f("unit")),
            C::UnitNotConvertible => format!(
                "`{}` cannot be converted to `{}` for {}",
                f("unit"),
                f("to"),
                f("analyte")
            ),
            C::UnknownItem => format!("no item `{}`", f("oid")),
            C::UnknownForm => format!("no form `{}`", f("oid")),
            C::UnknownVisit => format!("no visit `{}`", f("oid")),
            C::UnknownDecision => format!("no decision `{}`", f("id")),
            C::UnknownRule => format!("no rule or decision `{}`", f("code")),
            C::NeverCollected => format!("no visit collects the form `{}`: nobody can reach its items", f("oid")),
            C::WindowsOverlap => format!("the window of `{}` overlaps that of `{}`", f("visit"), f("other")),
            C::WindowWrong => format!("the window of `{}` does not hold its day", f("visit")),
            C::BoundsWrong => format!("bounds are the wrong way round: {}", f("which")),
            C::IdentifiesAPerson => format!("`{}` would tell who the person is ({})", f("oid"), f("why")),
            C::RuleSyntax => format!("the expression does not parse: {}", f("message")),
            C::RuleForbidden => format!("rules may not use {}", f("what")),
            C::RuleType => format!("{} cannot take {}", f("operator"), f("found")),
            C::RuleFails => format!("the expression fails on sample values: {}", f("message")),
            C::NeverTrue => "the expression is never true, whatever is entered".to_owned(),
            C::RuleTooLarge => format!(
                "the expression has {} {}, more than {}",
                f("count"),
                f("what"),
                f("most")
            ),
            C::Ambiguous => format!(
                "`{}` is collected at {}: name the visit, `{}`",
                f("oid"),
                f("visits"),
                f("example")
            ),
            C::IntoRows => format!("`{}` stands in rows: from outside no single value is meant", f("oid")),
            C::Circular => format!("depends on itself: {}", f("path")),
            C::UnknownCall => format!("no function `{}`", f("call")),
            C::UnknownInput => format!("`{}` has no input `{}`", f("call"), f("input")),
            C::InputNotBound => format!("`{}` needs its input `{}`", f("call"), f("input")),
            C::InputType => format!(
                "the input `{}` takes {}, `{}` is {}",
                f("input"),
                f("expected"),
                f("oid"),
                f("found")
            ),
            C::DerivedRequired => format!("`{}` is computed: it takes no `{}`", f("oid"), f("key")),
            C::NotAJudgement => format!("`{}` must be a code item with the codelist {}", f("oid"), f("codelist")),
        }
    }
}

impl ProblemCode {
    /// The code as it is written: `unknown_item`.
    #[must_use]
    pub fn word(self) -> String {
        let json = serde_json::to_value(self).ok();
        json.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// The problem as a compiler prints it, in English.
#[must_use]
pub fn render(problem: &Problem, source: &str) -> String {
    framed(problem, source, "error", &problem.english())
}

/// The problem as a compiler prints it: sentence, place, line, and a caret under the place.
#[must_use]
pub fn framed(problem: &Problem, source: &str, error: &str, sentence: &str) -> String {
    let code = problem.code.word();
    let line = source
        .lines()
        .nth(problem.line.saturating_sub(1) as usize)
        .unwrap_or("");
    let gutter = problem.line.to_string();
    let blank = " ".repeat(gutter.len());
    let column = problem.column.saturating_sub(1) as usize;
    // A wide (CJK) character takes two columns of a terminal; the carets must stand under it all the same.
    let wide = |c: char| u32::from(c) >= 0x1100 && !('\u{2000}'..'\u{2e80}').contains(&c);
    let under = |c: char, sign: &str| if wide(c) { sign.repeat(2) } else { sign.to_owned() };
    let pad: String = line
        .chars()
        .take(column)
        .map(|c| if c == '\t' { c.to_string() } else { under(c, " ") })
        .collect();
    let marked = source.get(problem.start..problem.end).unwrap_or("");
    let marked: String = marked
        .lines()
        .next()
        .unwrap_or("")
        .chars()
        .map(|c| under(c, "^"))
        .collect();
    format!(
        "{error}[{code}]: {sentence}\n{blank} --> {}:{}:{}\n{blank} |\n{gutter} | {line}\n{blank} | {pad}{}\n",
        problem.file,
        problem.line,
        problem.column,
        if marked.is_empty() { "^" } else { &marked },
    )
}
