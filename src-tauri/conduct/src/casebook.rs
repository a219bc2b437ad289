//! One subject's records, read once for an act: values, states of forms, what covers them.

use std::collections::HashMap;

use store::{FormRow, FormState, ItemRow, QueryFilter, QueryRow, QueryState, SignatureRow, SiteFile, VerificationRow};
use study::{
    Study,
    act::EntryRef,
    def::Severity,
    path::{FormPath, ItemPath},
    value::Value,
    values::Values,
};

use crate::{
    beside::Beside,
    trouble::{Outcome, no_with},
};

/// Everything of one subject that the acts and views need.
pub(crate) struct Casebook {
    pub(crate) subject: String,
    /// Study version that the subject is under.
    pub(crate) version: String,
    pub(crate) items: Vec<ItemRow>,
    /// Places in rows that were taken out: their numbers are not used again.
    removed: Vec<ItemPath>,
    pub(crate) forms: HashMap<FormPath, FormRow>,
    pub(crate) queries: Vec<QueryRow>,
    pub(crate) verifications: HashMap<ItemPath, VerificationRow>,
    /// Newest signature over each record: version signed and the signature.
    pub(crate) signed: HashMap<String, (u64, usize)>,
    pub(crate) signatures: Vec<SignatureRow>,
    /// Records of the site's registers that it names, once they were asked for.
    beside: Option<Beside>,
}

/// Places in rows that were taken out, and the rows that stand.
fn parted(rows: Vec<ItemRow>) -> (Vec<ItemPath>, Vec<ItemRow>) {
    let (removed, items): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.removed);
    (removed.into_iter().map(|row| row.path).collect(), items)
}

/// Refuses a code that nobody has.
pub(crate) fn known_subject(file: &SiteFile, subject: &str) -> Outcome<()> {
    if file.subject(subject)?.is_some() {
        Ok(())
    } else {
        no_with("no_such_subject", &[("subject", subject)])
    }
}

impl Casebook {
    pub(crate) fn read(file: &SiteFile, subject: &str) -> Outcome<Self> {
        let signatures = file.signatures_of_subject(subject)?;
        Self::read_with(file, subject, signatures)
    }

    /// As [`Casebook::read`], with signatures already read: of this subject at least.
    pub(crate) fn read_with(file: &SiteFile, subject: &str, signatures: Vec<SignatureRow>) -> Outcome<Self> {
        let version = file.subject(subject)?.map(|row| row.version).unwrap_or_default();
        let (removed, items) = parted(file.items_of_subject(subject)?);
        let forms = file
            .forms_of_subject(subject)?
            .into_iter()
            .map(|row| (row.path.clone(), row))
            .collect();
        let queries = file.queries(QueryFilter::OfSubject(subject))?;
        let verifications = file
            .verifications_of_subject(subject)?
            .into_iter()
            .map(|row| (row.path.clone(), row))
            .collect();
        let mut signed = HashMap::new();
        for (at, row) in signatures.iter().enumerate() {
            for record in &row.statement.records {
                signed.insert(record.id.clone(), (record.version, at));
            }
        }
        Ok(Self {
            subject: subject.to_owned(),
            version,
            items,
            removed,
            forms,
            queries,
            verifications,
            signed,
            signatures,
            beside: None,
        })
    }

    /// A record of the site's registers by itself: what a save of it may touch.
    pub(crate) fn of_record(file: &SiteFile, form: &FormPath) -> Outcome<Self> {
        let (removed, items) = parted(file.items_of_form(form)?);
        Ok(Self {
            subject: form.subject.clone(),
            version: String::new(),
            items,
            removed,
            forms: HashMap::new(),
            queries: Vec::new(),
            verifications: HashMap::new(),
            signed: HashMap::new(),
            signatures: Vec::new(),
            beside: None,
        })
    }

    /// Reads the records of the site's registers that it names, or would with further values.
    pub(crate) fn follow(&mut self, study: &Study, file: &SiteFile, and: &[(&ItemPath, &Value)]) -> Outcome<()> {
        self.beside = Some(Beside::of(study, file, &self.items, and)?);
        Ok(())
    }

    /// Reads one form again after a save that touched it: its items, the states of forms, what stands verified.
    pub(crate) fn look_again(&mut self, file: &SiteFile, form: &FormPath) -> Outcome<()> {
        let (removed, items) = parted(file.items_of_form(form)?);
        self.removed.retain(|path| path.form != *form);
        self.removed.extend(removed);
        self.items.retain(|row| row.path.form != *form);
        self.items.extend(items);
        let rows = |row: FormRow| (row.path.clone(), row);
        self.forms = file.forms_of_subject(&self.subject)?.into_iter().map(rows).collect();
        // A value or a removal may have settled what the device asked.
        self.queries = file.queries(QueryFilter::OfSubject(&self.subject))?;
        let rows = |row: VerificationRow| (row.path.clone(), row);
        let verified = file.verifications_of_subject(&self.subject)?;
        self.verifications = verified.into_iter().map(rows).collect();
        Ok(())
    }

    /// Whether a place is in a row that was taken out.
    pub(crate) fn row_removed(&self, at: &ItemPath) -> bool {
        let beside = |path: &ItemPath| path.form == at.form && path.group == at.group && path.row == at.row;
        self.removed.iter().any(beside) && !self.items.iter().any(|row| beside(&row.path))
    }

    /// The number for the next new row of a group.
    pub(crate) fn next_row(&self, form: &FormPath, group: &str) -> u32 {
        let taken = self.items.iter().map(|row| &row.path).chain(&self.removed);
        let here = taken.filter(|path| path.form == *form && path.group == group);
        here.map(|path| path.row).max().map_or(1, |last| last + 1)
    }

    /// Current values, for rules and medicine.
    pub(crate) fn values(&self) -> Values<'_> {
        self.values_and(std::iter::empty())
    }

    /// Current values and those of places that are still empty.
    pub(crate) fn values_and<'v>(&'v self, more: impl Iterator<Item = (&'v ItemPath, &'v Value)>) -> Values<'v> {
        let values = Values::of(&self.subject, self.pairs().chain(more));
        match &self.beside {
            Some(beside) => values.beside(beside.pairs(), beside.uses()),
            None => values,
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&ItemPath, &Value)> {
        self.items
            .iter()
            .filter_map(|row| row.value.as_ref().map(|value| (&row.path, value)))
    }

    pub(crate) fn item(&self, path: &ItemPath) -> Option<&ItemRow> {
        self.items.iter().find(|row| &row.path == path)
    }

    /// The value of the first row of an item anywhere in the casebook.
    pub(crate) fn value_of(&self, oid: &str) -> Option<&Value> {
        self.items
            .iter()
            .find(|row| row.path.item == oid)
            .and_then(|row| row.value.as_ref())
    }

    pub(crate) fn complete(&self, form: &FormPath) -> bool {
        self.forms.get(form).is_some_and(|row| row.state == FormState::Complete)
    }

    pub(crate) fn version(&self, form: &FormPath) -> u64 {
        self.forms.get(form).map_or(0, |row| row.version)
    }

    /// State of a form in one word.
    pub(crate) fn state(&self, form: &FormPath) -> &'static str {
        let Some(row) = self.forms.get(form) else {
            return "empty";
        };
        let signed = self.signed.get(&form.to_string()).map(|(version, _)| *version);
        match (row.state, signed) {
            (FormState::Complete, Some(version)) if version == row.version => "signed",
            (_, Some(_)) => "changed",
            (FormState::Complete, None) if self.all_verified(form) => "verified",
            (FormState::Complete, None) => "complete",
            (FormState::Started, None) => "started",
        }
    }

    fn all_verified(&self, form: &FormPath) -> bool {
        let mut any = false;
        for row in self
            .items
            .iter()
            .filter(|row| &row.path.form == form && row.value.is_some())
        {
            any = true;
            if !self.verifications.get(&row.path).is_some_and(|v| v.stands) {
                return false;
            }
        }
        any
    }

    /// State of verification of an item in one word.
    pub(crate) fn verification(&self, path: &ItemPath) -> &'static str {
        match self.verifications.get(path) {
            None => "none",
            Some(row) if row.stands => "verified",
            Some(_) => "changed",
        }
    }

    /// Queries on a form that are not closed.
    pub(crate) fn unsettled(&self, form: &FormPath) -> u32 {
        let open = self
            .queries
            .iter()
            .filter(|q| &q.path.form == form && q.state != QueryState::Closed)
            .count();
        u32::try_from(open).unwrap_or(u32::MAX)
    }

    /// Answered and asked items of a form, as its rules show them now.
    pub(crate) fn progress(&self, study: &Study, values: &Values<'_>, form: &FormPath) -> (u32, u32) {
        let (mut answered, mut asked) = (0, 0);
        for place in study.items(&form.form) {
            if matches!(place.item.kind, study::def::ItemKind::Derived { .. }) {
                continue;
            }
            let path = ItemPath {
                form: form.clone(),
                group: place.group.oid.clone(),
                row: 1,
                item: place.item.oid.clone(),
            };
            if !shown(study, values, &path) {
                continue;
            }
            asked += 1;
            if values.get(&path).is_some() {
                answered += 1;
            }
        }
        (answered, asked)
    }

    /// Whether a form carries a finding that blocks attesting what rests on it.
    pub(crate) fn hard_finding(&self, study: &Study, values: &Values<'_>, form: &FormPath) -> bool {
        self.version(form) > 0
            && study
                .findings(values, form)
                .iter()
                .any(|finding| finding.severity == Severity::Hard)
    }

    /// Entries behind some items, for what rests on them.
    pub(crate) fn refs<'a>(&self, paths: impl Iterator<Item = &'a ItemPath>) -> Vec<EntryRef> {
        let mut refs: Vec<EntryRef> = paths
            .filter_map(|path| self.item(path))
            .map(|row| row.last.clone())
            .collect();
        refs.sort();
        refs.dedup();
        refs
    }
}

/// Whether the skip logic shows an item now; a rule that cannot run hides nothing.
pub(crate) fn shown(study: &Study, values: &Values<'_>, path: &ItemPath) -> bool {
    match study.visibility(values, &path.form, path.row, &path.item) {
        study::shown::Visible::Shown | study::shown::Visible::Broken { .. } => true,
        study::shown::Visible::Hidden => false,
    }
}
