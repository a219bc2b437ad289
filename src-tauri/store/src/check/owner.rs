//! The parts in which projections are folded anew and compared, so that never more than a part of them is in memory: the
//! site's own, and ranges of subjects.

use crate::{check::seen::Seen, key::beneath};

/// Entries of subjects that are folded into one part.
const MOST: u64 = if cfg!(test) { 6 } else { 25_000 };
/// Subjects that a check of what is new folds into one part.
const SUBJECTS: usize = if cfg!(test) { 2 } else { 25 };

/// Paths from one on to before another.
#[derive(Debug, Clone)]
pub(super) struct Range {
    pub(super) low: String,
    pub(super) high: Option<String>,
}

impl Range {
    pub(super) fn holds(&self, path: &str) -> bool {
        self.low.as_str() <= path && self.high.as_deref().is_none_or(|high| path < high)
    }
}

/// Whose rows a part holds.
#[derive(Debug, Clone)]
pub(super) enum Owner {
    /// The site, and what is found by its own name: queries and signatures.
    Site,
    /// Every subject in a range.
    Range(Range),
    /// Some subjects, with their queries and signatures.
    Subjects(Vec<String>),
}

impl Owner {
    /// Whether it is the owner of a subject's entries, or of the site's own.
    pub(super) fn owns(&self, subject: Option<&str>) -> bool {
        match (self, subject) {
            (Self::Site, None) => true,
            (Self::Site, Some(_)) | (Self::Range(_) | Self::Subjects(_), None) => false,
            (Self::Range(range), Some(subject)) => range.holds(&format!("{subject}/")),
            (Self::Subjects(all), Some(subject)) => all.iter().any(|own| own == subject),
        }
    }

    /// Whether it is the owner of what stands at a path, or of the subject of that code.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.owns(Some(path.split('/').next().unwrap_or(path)))
    }

    /// Where its rows lie in a table ordered by path.
    pub(super) fn ranges(&self) -> Vec<Range> {
        match self {
            Self::Site => Vec::new(),
            Self::Range(range) => vec![range.clone()],
            Self::Subjects(all) => all.iter().map(|subject| of(subject)).collect(),
        }
    }

    /// Where its rows lie in a table ordered by what was signed.
    pub(super) fn records(&self) -> Vec<Range> {
        let mut all = self.ranges();
        if let Self::Subjects(subjects) = self {
            all.extend(subjects.iter().map(|subject| Range {
                low: format!("ELIG/{subject}"),
                high: Some(format!("ELIG/{subject} ")),
            }));
        }
        all
    }

    /// All parts of a file.
    pub(super) fn all(seen: &Seen) -> Vec<Self> {
        let mut subjects: Vec<(String, u64)> = seen
            .subjects()
            .map(|(subject, count)| (format!("{subject}/"), count))
            .collect();
        subjects.sort_unstable();
        let (mut parts, mut low, mut entries) = (vec![Self::Site], String::new(), 0);
        for (subject, count) in subjects {
            if entries > 0 && entries + count > MOST {
                let high = Some(subject.clone());
                parts.push(Self::Range(Range { low, high }));
                (low, entries) = (subject, 0);
            }
            entries += count;
        }
        parts.push(Self::Range(Range { low, high: None }));
        parts
    }

    /// The site's part, and those of the subjects that were touched.
    pub(super) fn touched(seen: &Seen) -> Vec<Self> {
        let mut subjects: Vec<String> = seen.subjects().map(|(subject, _)| subject.to_owned()).collect();
        subjects.sort_unstable();
        let parts = subjects.chunks(SUBJECTS).map(|part| Self::Subjects(part.to_vec()));
        std::iter::once(Self::Site).chain(parts).collect()
    }
}

fn of(subject: &str) -> Range {
    let (low, high) = beneath(subject);
    let high = Some(high);
    Range { low, high }
}
