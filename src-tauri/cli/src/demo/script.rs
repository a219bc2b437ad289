//! The made-up charts and courses as they are written down (`charts/*.txt`), read into what can be asked.
//!
//! The first lines of both files say what each kind of line means.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::out::Trouble;

/// What everybody's chart says.
const USUAL: &str = include_str!("charts/usual.txt");
/// How each subject fares.
const COURSES: &str = include_str!("charts/courses.txt");

/// Item (with its row) and what is typed there.
pub(super) type Lines = BTreeMap<(String, u32), String>;

/// A value that follows the days: straight between the points.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    pub(super) places: usize,
    /// Share by which a value may be off.
    pub(super) jitter: f64,
    pub(super) points: Vec<(f64, f64)>,
}

/// One more occurrence of a form.
#[derive(Debug, Clone)]
pub(super) struct Added {
    pub(super) day: i64,
    pub(super) visit: String,
    pub(super) form: String,
    pub(super) lines: Lines,
}

/// A chart, a part of one, or what a course changes about it.
#[derive(Debug, Clone, Default)]
pub(super) struct Script {
    pub(super) draws: BTreeMap<String, (f64, f64)>,
    pub(super) picks: BTreeMap<String, Vec<String>>,
    pub(super) curves: BTreeMap<String, Curve>,
    pub(super) steps: BTreeMap<String, Vec<(i64, String)>>,
    /// By `FORM` or `VISIT/FORM`.
    pub(super) sheets: BTreeMap<String, Lines>,
    pub(super) added: Vec<Added>,
    pub(super) end: Option<i64>,
    pub(super) moved: BTreeMap<String, i64>,
    /// `VISIT/FORM` that is not done.
    pub(super) dropped: Vec<String>,
    /// Forms that stay open.
    pub(super) open: Vec<String>,
    pub(super) screened: Option<NaiveDate>,
    pub(super) not_enrolled: bool,
}

impl Script {
    /// Takes in what another says; the other wins, what it adds comes after.
    fn absorb(&mut self, other: &Self) {
        self.draws.extend(other.draws.clone());
        self.picks.extend(other.picks.clone());
        self.curves.extend(other.curves.clone());
        self.steps.extend(other.steps.clone());
        for (name, lines) in &other.sheets {
            self.sheets.entry(name.clone()).or_default().extend(lines.clone());
        }
        self.added.extend(other.added.iter().cloned());
        self.moved.extend(other.moved.clone());
        self.dropped.extend(other.dropped.iter().cloned());
        self.open.extend(other.open.iter().cloned());
        self.end = other.end.or(self.end);
        self.screened = other.screened.or(self.screened);
        self.not_enrolled |= other.not_enrolled;
    }
}

/// Both files, read.
pub(super) struct Charts {
    pub(super) courses: Vec<Script>,
}

/// Where the indented lines that follow belong.
enum Open {
    Nothing,
    Sheet(String),
    Added,
}

#[derive(Default)]
struct Reader {
    usual: Script,
    parts: BTreeMap<String, Script>,
    courses: Vec<Script>,
    /// The part that is being read, if it is one.
    part: Option<String>,
}

impl Reader {
    fn current(&mut self) -> &mut Script {
        match &self.part {
            Some(name) => self.parts.entry(name.clone()).or_default(),
            None => self.courses.last_mut().unwrap_or(&mut self.usual),
        }
    }

    /// One line that begins at the margin.
    fn head(&mut self, line: &str) -> Option<Open> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "course" => {
                self.part = None;
                self.courses.push(Script::default());
            }
            "part" => self.part = Some(rest.to_owned()),
            "use" => {
                let part = self.parts.get(rest)?.clone();
                self.current().absorb(&part);
            }
            "sheet" => return Some(Open::Sheet(rest.to_owned())),
            "add" => {
                let (day, at) = rest.split_once(' ')?;
                let (visit, form) = at.split_once('/')?;
                let added = Added {
                    day: day.parse().ok()?,
                    visit: visit.to_owned(),
                    form: form.to_owned(),
                    lines: Lines::new(),
                };
                self.current().added.push(added);
                return Some(Open::Added);
            }
            "expect" => {}
            "not" => self.current().not_enrolled = rest == "enrolled",
            "end" => self.current().end = Some(rest.parse().ok()?),
            "screened" => self.current().screened = Some(rest.parse().ok()?),
            "drop" => {
                let forms = rest.split(' ').map(str::to_owned);
                self.current().dropped.extend(forms);
            }
            "open" => {
                let forms = rest.split(' ').map(str::to_owned);
                self.current().open.extend(forms);
            }
            _ => return self.value(word, rest),
        }
        Some(Open::Nothing)
    }

    /// A line that gives a name its values.
    fn value(&mut self, word: &str, rest: &str) -> Option<Open> {
        let (name, said) = rest.split_once(' ')?;
        let name = name.to_owned();
        let script = self.current();
        match word {
            "draw" => {
                let (low, high) = said.split_once("..")?;
                script.draws.insert(name, (low.parse().ok()?, high.parse().ok()?));
            }
            "pick" => {
                let words = said.split('|').map(str::to_owned).collect();
                script.picks.insert(name, words);
            }
            "move" => {
                script.moved.insert(name, said.parse().ok()?);
            }
            "step" => {
                script.steps.insert(name, steps(said)?);
            }
            "curve" => {
                script.curves.insert(name, curve(said)?);
            }
            _ => return None,
        }
        Some(Open::Nothing)
    }
}

/// `DAY:TEXT DAY:TEXT`; a word without a day goes on with the text before it.
fn steps(said: &str) -> Option<Vec<(i64, String)>> {
    let mut steps: Vec<(i64, String)> = Vec::new();
    for word in said.split(' ') {
        let begins = word
            .split_once(':')
            .and_then(|(day, text)| Some((day.parse().ok()?, text)));
        match (begins, steps.last_mut()) {
            (Some((day, text)), _) => steps.push((day, text.to_owned())),
            (None, Some((_, text))) => text.extend([" ", word]),
            (None, None) => return None,
        }
    }
    Some(steps)
}

/// `PLACES JITTER% DAY:VALUE DAY:VALUE`.
fn curve(said: &str) -> Option<Curve> {
    let mut words = said.split(' ');
    let places = words.next()?.parse().ok()?;
    let jitter: f64 = words.next()?.strip_suffix('%')?.parse().ok()?;
    let points = words
        .map(|word| {
            let (day, value) = word.split_once(':')?;
            Some((day.parse().ok()?, value.parse().ok()?))
        })
        .collect::<Option<Vec<(f64, f64)>>>()?;
    (!points.is_empty()).then_some(Curve {
        places,
        jitter: jitter / 100.0,
        points,
    })
}

/// `ITEM VALUE`, `ITEM[2] VALUE` or `ITEM[1..6] VALUE`.
fn item(line: &str) -> Option<(String, std::ops::RangeInclusive<u32>, String)> {
    let (name, value) = line.split_once(' ')?;
    let Some((name, rows)) = name.split_once('[') else {
        return Some((name.to_owned(), 1..=1, value.to_owned()));
    };
    let rows = rows.strip_suffix(']')?;
    let (from, to) = rows.split_once("..").unwrap_or((rows, rows));
    Some((name.to_owned(), from.parse().ok()?..=to.parse().ok()?, value.to_owned()))
}

impl Charts {
    /// The course of the subject with a number, from 1.
    pub(super) fn course(&self, number: u32) -> Script {
        let at = usize::try_from(number.saturating_sub(1)).unwrap_or(0) % self.courses.len().max(1);
        self.courses.get(at).cloned().unwrap_or_default()
    }

    /// Reads both files; every course holds what is usual and what it changes.
    pub(super) fn read() -> Result<Self, Trouble> {
        let mut reader = Reader::default();
        for (file, text) in [("usual.txt", USUAL), ("courses.txt", COURSES)] {
            let mut open = Open::Nothing;
            reader.part = None;
            for (at, line) in text.lines().enumerate() {
                let wrong = || Trouble::Words(format!("{file}:{}: {line}", at + 1));
                if line.trim().is_empty() || line.starts_with('#') {
                    continue;
                }
                let Some(said) = line.strip_prefix("  ") else {
                    open = reader.head(line).ok_or_else(wrong)?;
                    continue;
                };
                let (name, rows, value) = item(said).ok_or_else(wrong)?;
                let script = reader.current();
                let lines = match &open {
                    Open::Sheet(sheet) => script.sheets.entry(sheet.clone()).or_default(),
                    Open::Added => &mut script.added.last_mut().ok_or_else(wrong)?.lines,
                    Open::Nothing => return Err(wrong()),
                };
                lines.extend(rows.map(|row| ((name.clone(), row), value.clone())));
            }
        }
        let courses = reader
            .courses
            .iter()
            .map(|course| {
                let mut whole = reader.usual.clone();
                whole.absorb(course);
                whole
            })
            .collect();
        Ok(Self { courses })
    }
}
