//! Findings as facts: the device notes each when it is raised and when it closes, with the save that brought it about; a
//! person says why a soft one may stand.
//!
//! Invariants. A finding is raised and closed by what the rules say of the record after the save, never by hand. It is
//! raised anew when what it rests on changes and it still stands: what was said about it before counts no more.

use std::collections::{BTreeSet, HashMap, HashSet};

use store::{Deed, EntryView, FindingRow};
use study::{
    Study,
    act::{Act, EntryRef},
    def::Severity,
    findings::{Finding, FindingKind},
    path::{FormPath, ItemPath, SITE},
    text::Text,
    values::Values,
};

use crate::{
    casebook::Casebook,
    desk::Desk,
    editions::version_of,
    queries::words,
    requests::ExplainFinding,
    trouble::{Outcome, no, no_with},
    views::{ExplainedView, FindingView, FormView, PastFindingView},
};

/// An item that a save changes, and the number of the entry in the save that does it, from 0.
pub(crate) type Changed<'c> = (&'c ItemPath, u64);

/// Item and check: what tells findings of a casebook apart.
type Key = (ItemPath, String);

/// Whether a value may change what is said of a form; records of the site's registers are apart from one another.
pub(crate) fn within_reach(study: &Study, changed: &ItemPath, form: &FormPath) -> bool {
    study.touches(&changed.item, &form.form) && (form.subject != SITE || *form == changed.form)
}

/// Forms whose findings may come out differently once items change: those that they stand on, and of those begun the ones
/// that they reach.
pub(crate) fn reached(study: &Study, book: &Casebook, changed: &[Changed<'_>]) -> BTreeSet<FormPath> {
    let mut forms: BTreeSet<FormPath> = changed.iter().map(|(path, _)| path.form.clone()).collect();
    let touched = |form: &&FormPath| changed.iter().any(|(path, _)| within_reach(study, path, form));
    forms.extend(book.forms.keys().filter(touched).cloned());
    forms
}

/// What a save does to the record, as the device looks at it.
pub(crate) struct Mended<'m> {
    /// The definition that judges from then on.
    pub(crate) study: &'m Study,
    /// The casebook before.
    pub(crate) book: &'m Casebook,
    /// Values after.
    pub(crate) after: &'m Values<'m>,
    /// Items that change.
    pub(crate) changed: &'m [Changed<'m>],
    /// Forms that are looked at.
    pub(crate) forms: &'m BTreeSet<FormPath>,
}

impl Mended<'_> {
    fn changes(&self, path: &ItemPath) -> Option<u64> {
        self.changed
            .iter()
            .find(|(changed, _)| *changed == path)
            .map(|(_, at)| *at)
    }

    /// Entries that values stand in: of this save, that begins after `tip`, or of the past.
    fn refs(&self, paths: &[ItemPath], tip: &EntryRef) -> Vec<EntryRef> {
        let past = |path| self.book.item(path).map(|row| row.last.clone());
        let mut refs: Vec<EntryRef> = paths
            .iter()
            .filter_map(|path| self.changes(path).map(|at| of_save(tip, at)).or_else(|| past(path)))
            .collect();
        refs.sort();
        refs.dedup();
        refs
    }

    /// Entries of this save that a form's findings closed by; of a save that changes no value, its first.
    fn mending(&self, form: &FormPath, tip: &EntryRef) -> Vec<EntryRef> {
        let here = |path: &ItemPath| path.form == *form || within_reach(self.study, path, form);
        let mut refs: Vec<EntryRef> = self
            .changed
            .iter()
            .filter(|(path, _)| here(path))
            .map(|(_, at)| of_save(tip, *at))
            .collect();
        if refs.is_empty() {
            refs.push(of_save(tip, 0));
        }
        refs.dedup();
        refs
    }
}

fn of_save(tip: &EntryRef, at: u64) -> EntryRef {
    EntryRef {
        log: tip.log.clone(),
        seq: tip.seq + 1 + at,
    }
}

fn raised(finding: Finding, refs: Vec<EntryRef>) -> Deed {
    let act = Act::FindingRaised {
        path: finding.path,
        check: finding.id,
        severity: finding.severity,
        what: finding.kind,
    };
    Deed {
        act,
        reason: None,
        refs,
    }
}

impl Desk {
    /// What the device notes about a save: findings that appear with it, stand on other values, or vanish.
    pub(crate) fn noted(&self, mended: &Mended<'_>) -> Outcome<Vec<Deed>> {
        let file = &self.sitting()?.file;
        let Some(tip) = file.last_own() else {
            return Ok(Vec::new());
        };
        let known = file.findings(&mended.book.subject)?;
        let mut known: HashMap<Key, FindingRow> = known
            .into_iter()
            .filter(|row| mended.forms.contains(&row.path.form))
            .map(|row| ((row.path.clone(), row.check.clone()), row))
            .collect();
        let mut deeds = Vec::new();
        for form in mended.forms.iter().filter(|form| mended.study.holds_form(form)) {
            for finding in mended.study.findings(mended.after, form) {
                let before = known.remove(&(finding.path.clone(), finding.id.clone()));
                let rests_on = mended.study.rests_on(mended.after, &finding);
                let same = before.is_some_and(|row| row.severity == finding.severity)
                    && !rests_on.iter().any(|path| mended.changes(path).is_some());
                if !same {
                    deeds.push(raised(finding, mended.refs(&rests_on, &tip)));
                }
            }
        }
        let mut silent: Vec<FindingRow> = known.into_values().collect();
        silent.sort_by(|a, b| (&a.path, &a.check).cmp(&(&b.path, &b.check)));
        for row in silent {
            let refs = mended.mending(&row.path.form, &tip);
            let (path, check) = (row.path, row.check);
            deeds.push(Deed {
                act: Act::FindingClosed { path, check },
                reason: None,
                refs,
            });
        }
        Ok(deeds)
    }

    /// Findings of a subject that somebody has explained.
    pub(crate) fn explained(&self, subject: &str) -> Outcome<HashSet<Key>> {
        let rows = self.sitting()?.file.findings(subject)?.into_iter();
        let explained = rows.filter(|row| row.explained.is_some());
        Ok(explained.map(|row| (row.path, row.check)).collect())
    }

    /// The findings of a form as the journal has them.
    pub(crate) fn standing_findings(&self, form: &FormPath) -> Outcome<HashMap<Key, FindingRow>> {
        let rows = self.sitting()?.file.findings(&form.to_string())?.into_iter();
        Ok(rows.map(|row| ((row.path.clone(), row.check.clone()), row)).collect())
    }

    /// A finding with what the journal says of it.
    pub(crate) fn finding_view(&self, finding: &Finding, row: Option<&FindingRow>) -> Outcome<FindingView> {
        let sitting = self.sitting()?;
        let entry =
            |at: &EntryRef| Ok::<_, crate::trouble::Trouble>(sitting.file.entry(at)?.and_then(|entry| entry.body));
        let raised = row.map(|row| entry(&row.raised)).transpose()?.flatten();
        let explained = row.and_then(|row| row.explained.as_ref());
        let explained = explained.map(entry).transpose()?.flatten().and_then(|body| {
            let Act::FindingExplained { text, .. } = body.act else {
                return None;
            };
            Some(ExplainedView {
                by: sitting.names.printed_or_device(&body.actor),
                when: body.moment,
                text,
            })
        });
        let (kind, bounds) = told(&finding.kind);
        let others = match &finding.kind {
            FindingKind::NamedTwice { others } | FindingKind::SameName { others } => others.clone(),
            FindingKind::NoRecord { .. }
            | FindingKind::Range { .. }
            | FindingKind::Check {}
            | FindingKind::Required {}
            | FindingKind::Broken { .. } => Vec::new(),
        };
        Ok(FindingView {
            others,
            check: finding.id.clone(),
            severity: finding.severity,
            text: finding.text.clone(),
            kind: kind.to_owned(),
            bounds,
            raised: raised.map(|body| body.moment),
            explained,
        })
    }

    pub(crate) fn explain_finding(&mut self, asked: ExplainFinding) -> Outcome<FormView> {
        self.writable()?;
        self.declared()?;
        let text = words(&asked.text)?;
        let study = self.known_form(&asked.path.form)?;
        let book = self.book(&asked.path.form.subject)?;
        let values = book.values();
        let stands = study.findings(&values, &asked.path.form);
        let found = |finding: &&Finding| finding.path == asked.path && finding.id == asked.check;
        let Some(finding) = stands.iter().find(found) else {
            return no_with("no_such_finding", &[("check", &asked.check)]);
        };
        if finding.severity == Severity::Hard {
            return no("finding_not_soft");
        }
        // Raised before the device noted findings, or by rules that speak otherwise since: it is noted now.
        let forms = BTreeSet::from([asked.path.form.clone()]);
        let mended = Mended {
            study: &study,
            book: &book,
            after: &values,
            changed: &[],
            forms: &forms,
        };
        let overdue = self.noted(&mended)?;
        if !overdue.is_empty() {
            self.save_as_device(overdue)?;
        }
        let act = Act::FindingExplained {
            path: asked.path.clone(),
            check: asked.check,
            text,
        };
        self.save(vec![act.into()])?;
        self.form_page(&asked.path.form)
    }

    /// A line of an item's history about a finding.
    pub(crate) fn past_finding(&self, entry: &EntryView) -> Outcome<Option<PastFindingView>> {
        let Some(body) = &entry.body else { return Ok(None) };
        let (act, path, check, severity, bounds, said) = if let Act::FindingRaised {
            path,
            check,
            severity,
            what,
        } = &body.act
        {
            ("raised", path, check, Some(*severity), told(what).1, None)
        } else if let Act::FindingClosed { path, check } = &body.act {
            ("closed", path, check, None, None, None)
        } else if let Act::FindingExplained { path, check, text } = &body.act {
            ("explained", path, check, None, None, Some(text.clone()))
        } else {
            return Ok(None);
        };
        Ok(Some(PastFindingView {
            what: act.to_owned(),
            text: self.check_text(version_of(&body.study), check),
            check: check.clone(),
            severity,
            bounds,
            said,
            by: self.sitting()?.names.printed(&body.actor),
            when: body.moment.clone(),
            seq: entry.seq,
            path: path.clone(),
        }))
    }

    /// The words of a check in a version.
    fn check_text(&self, version: &str, check: &str) -> Option<Text> {
        let def = self.under(version).def();
        if check == "IDENTITY" {
            return def.identity.clone();
        }
        let known = def.checks.iter().find(|known| known.id == check);
        known.map(|known| known.text.clone())
    }
}

/// Bounds of a range, low and high, decimal text.
type Bounds = Option<(Option<String>, Option<String>)>;

/// What kind of finding, in one word, and the bounds of a range.
fn told(kind: &FindingKind) -> (&'static str, Bounds) {
    match kind {
        FindingKind::Range { low, high, .. } => ("range", Some((low.clone(), high.clone()))),
        FindingKind::Check {} => ("check", None),
        FindingKind::NoRecord { .. } => ("no_record", None),
        FindingKind::NamedTwice { .. } => ("named_twice", None),
        FindingKind::SameName { .. } => ("same_name", None),
        FindingKind::Required {} => ("required", None),
        FindingKind::Broken { .. } => ("broken", None),
    }
}
