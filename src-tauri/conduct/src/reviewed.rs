//! Review of the journal: what is conspicuous since the last review, and signing one off.
//!
//! A review is an entry under the reviewer's own password. It covers stretches, log by log; the site's reviews and those of
//! whoever monitors it are two lines, so each role goes on where its own last review ended.

use std::collections::HashMap;

use store::{EntryFilter, LogRow};
use study::act::{Act, EntryRef, LogId, Role, Stretch};

use crate::{
    desk::Desk,
    requests::{ReviewJournal, Signals},
    rights,
    signals::{self, Read},
    trouble::{Outcome, no},
    views::{JournalReviewView, SignalsView, StretchView},
};

/// Entries that are read at once, and that one review covers at most.
const PAGE: u32 = 10_000;
/// Longest remark.
const MOST_WORDS: usize = 2_000;

fn size(stretch: &Stretch) -> u64 {
    (stretch.upto + 1).saturating_sub(stretch.from)
}

impl Desk {
    /// Reviews of the journal in this file, oldest first.
    fn reviews(&self) -> Outcome<Vec<JournalReviewView>> {
        let sitting = self.sitting()?;
        let mut all = Vec::new();
        for entry in sitting.file.office()? {
            let Some(body) = entry.body else { continue };
            let Act::JournalReviewed {
                stretches,
                signals,
                remark,
            } = body.act
            else {
                continue;
            };
            all.push(JournalReviewView {
                at: EntryRef {
                    log: entry.log,
                    seq: entry.seq,
                },
                when: body.moment,
                by: sitting.names.printed_or_device(&body.actor),
                role: body.role,
                entries: stretches.iter().map(size).sum(),
                stretches,
                signals,
                remark,
            });
        }
        Ok(all)
    }

    /// Whose reviews count for the person here: those of the own role for who reviews, else everybody's.
    fn counted(&self) -> Option<Role> {
        self.role().filter(|role| rights::may(*role, "review_journal"))
    }

    /// How far each log was reviewed.
    fn reviewed_upto(&self, reviews: &[JournalReviewView]) -> HashMap<LogId, u64> {
        let counted = self.counted();
        let counts = |review: &&JournalReviewView| counted.is_none() || review.role == counted;
        let mut upto = HashMap::new();
        for stretch in reviews.iter().filter(counts).flat_map(|review| &review.stretches) {
            let known = upto.entry(stretch.log.clone()).or_default();
            *known = stretch.upto.max(*known);
        }
        upto
    }

    /// A stretch of a log as it is read.
    fn read_stretch(&self, log: &LogRow, from: u64, upto: u64) -> Outcome<Vec<Read>> {
        let filter = EntryFilter {
            log: Some(log.log.clone()),
            past: (from > 1).then(|| EntryRef {
                log: log.log.clone(),
                seq: from - 1,
            }),
            limit: u32::try_from((upto + 1).saturating_sub(from)).unwrap_or(u32::MAX),
            ..EntryFilter::default()
        };
        let entries = self.sitting()?.file.entries(&filter)?;
        Ok(entries.into_iter().filter_map(Read::of).collect())
    }

    pub(crate) fn signals(&mut self, asked: Signals) -> Outcome<SignalsView> {
        let mut reviews = self.reviews()?;
        let mut begin = if asked.everything {
            HashMap::new()
        } else {
            self.reviewed_upto(&reviews)
        };
        for at in asked.past {
            begin.insert(at.log, at.seq);
        }
        let logs = self.sitting()?.file.logs()?;
        let (mut room, mut left) = (u64::from(PAGE), 0);
        let (mut read, mut stretches) = (Vec::new(), Vec::new());
        for log in &logs {
            let from = begin.get(&log.log).map_or(1, |seq| seq + 1);
            let upto = log.last_seq.min(from.saturating_add(room).saturating_sub(1));
            left += (log.last_seq + 1).saturating_sub(from.max(upto + 1));
            if from > upto {
                continue;
            }
            let entries = self.read_stretch(log, from, upto)?;
            room -= (upto + 1) - from;
            let moment = |read: Option<&Read>| read.map(|read| read.body.moment.clone());
            if let Some((first, last)) = moment(entries.first()).zip(moment(entries.last())) {
                stretches.push(StretchView {
                    stretch: Stretch {
                        log: log.log.clone(),
                        from,
                        upto,
                    },
                    device: log.device.clone(),
                    first,
                    last,
                });
            }
            read.extend(entries);
        }
        let stretch = signals::Stretch { desk: self, read };
        let found = signals::signals(&stretch)?;
        let found = found
            .into_iter()
            .map(|signal| self.signal_view(signal))
            .collect::<Outcome<_>>()?;
        reviews.reverse();
        Ok(SignalsView {
            entries: stretches.iter().map(|one| size(&one.stretch)).sum(),
            stretches,
            left,
            signals: found,
            rules: signals::rule_views(),
            reviews,
            counted: self.counted(),
            blocked: self.may_not("review_journal"),
        })
    }

    pub(crate) fn review_journal(&mut self, asked: ReviewJournal) -> Outcome<SignalsView> {
        self.writable()?;
        self.declared()?;
        let remark = asked
            .remark
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        if remark.as_ref().is_some_and(|text| text.chars().count() > MOST_WORDS) {
            return no("remark_too_long");
        }
        let upto = self.reviewed_upto(&self.reviews()?);
        let logs = self.sitting()?.file.logs()?;
        let mut read = Vec::new();
        let mut seen: Vec<&LogId> = Vec::new();
        for stretch in &asked.stretches {
            // A review leaves nothing out: it begins where the last one ended, and ends at an entry that is there.
            let next = upto.get(&stretch.log).map_or(1, |seq| seq + 1);
            let log = logs.iter().find(|log| log.log == stretch.log);
            let Some(log) = log.filter(|log| stretch.from == next && (next..=log.last_seq).contains(&stretch.upto))
            else {
                return no("review_stretch");
            };
            if seen.contains(&&stretch.log) {
                return no("review_stretch");
            }
            seen.push(&stretch.log);
            read.extend(self.read_stretch(log, stretch.from, stretch.upto)?);
        }
        let all: u64 = asked.stretches.iter().map(size).sum();
        if read.is_empty() || all > u64::from(PAGE) {
            return no("review_stretch");
        }
        // What the reviewer was shown is worked out here, not taken from the page.
        let stretch = signals::Stretch { desk: self, read };
        let found = signals::signals(&stretch)?;
        let count = |kind: &str| found.iter().filter(|signal| signal.kind == kind).count() as u64;
        let shown = signals::RULES.iter().map(|(kind, _)| ((*kind).to_owned(), count(kind)));
        let shown: Vec<(String, u64)> = shown.filter(|(_, count)| *count > 0).collect();
        let login = self.sitting()?.session.login().to_owned();
        let who = self.authenticate(&login, asked.password)?;
        let act = Act::JournalReviewed {
            stretches: asked.stretches,
            signals: shown,
            remark,
        };
        self.save_as(&who, vec![act.into()])?;
        self.signals(Signals {
            everything: false,
            past: Vec::new(),
        })
    }
}
