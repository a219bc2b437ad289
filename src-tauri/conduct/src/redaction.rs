//! Redaction at the desk: one person asks, a second agrees with an own log-in, or does not.

use std::collections::HashMap;

use store::{Deed, EntryView, SiteFile};
use study::act::{Act, Actor, Body, EntryRef, Reason};

use crate::{
    desk::{Desk, Place},
    entry::proper_reason,
    journal::aloud,
    machine::Dice,
    people::Names,
    requests::{AskRedaction, DeclineRedaction, PlanRedaction, Redact, Redactions},
    rights,
    trouble::{Outcome, no, no_with},
    views::{
        CopiesView, FallingView, RedactedByView, RedactionPlanView, RedactionRequestView, RedactionView, RedactionsView,
    },
};

/// By whom, when and why the words of an entry were taken out; none of an entry that has them.
pub(crate) fn redacted_by(file: &SiteFile, names: &Names, at: &EntryRef) -> Outcome<Option<RedactedByView>> {
    let Some(second) = file.redaction_of(at)?.and_then(|entry| entry.body) else {
        return Ok(None);
    };
    let Act::Redacted { asked, .. } = &second.act else {
        return Ok(None);
    };
    let first = file.entry(asked)?.and_then(|entry| entry.body);
    Ok(Some(RedactedByView {
        asked_by: first
            .as_ref()
            .map(|body| names.printed_or_device(&body.actor))
            .unwrap_or_default(),
        agreed_by: names.printed_or_device(&second.actor),
        when: second.moment,
        reason: first.and_then(|body| body.reason),
    }))
}

/// What became of a request.
struct Answer {
    state: &'static str,
    body: Body,
}

fn at_of(entry: &EntryView) -> EntryRef {
    EntryRef {
        log: entry.log.clone(),
        seq: entry.seq,
    }
}

/// The answer to each request that has one: done once is done, whatever was said beside it.
fn answers(told: &[EntryView]) -> HashMap<EntryRef, Answer> {
    let mut askers: HashMap<EntryRef, &Actor> = HashMap::new();
    let mut answers: HashMap<EntryRef, Answer> = HashMap::new();
    let said = || {
        told.iter()
            .filter_map(|entry| Some((at_of(entry), entry.body.as_ref()?)))
    };
    askers.extend(said().map(|(at, body)| (at, &body.actor)));
    for (_, body) in said() {
        #[allow(clippy::wildcard_enum_match_arm, reason = "no other act answers a request")]
        let (asked, state) = match &body.act {
            Act::Redacted { asked, .. } => (asked, "done"),
            Act::RedactionDeclined { asked } if askers.get(asked) == Some(&&body.actor) => (asked, "withdrawn"),
            Act::RedactionDeclined { asked } => (asked, "declined"),
            _ => continue,
        };
        if answers.get(asked).is_none_or(|before| before.state != "done") {
            let body = body.clone();
            answers.insert(asked.clone(), Answer { state, body });
        }
    }
    answers
}

impl Desk {
    pub(crate) fn redacted_by(&self, at: &EntryRef) -> Outcome<Option<RedactedByView>> {
        let sitting = self.sitting()?;
        redacted_by(&sitting.file, &sitting.names, at)
    }

    pub(crate) fn plan_redaction(&mut self, asked: PlanRedaction) -> Outcome<RedactionPlanView> {
        let all = self.sitting()?.file.with_repetitions(&asked.entries)?;
        Ok(RedactionPlanView {
            entries: self.falling(&all, &asked.entries)?,
            copies: self.copies(&all)?,
        })
    }

    pub(crate) fn ask_redaction(&mut self, asked: AskRedaction) -> Outcome<RedactionView> {
        self.writable()?;
        self.declared()?;
        proper_reason(self, &asked.reason)?;
        if asked.entries.is_empty() {
            return no("redaction_no_such_entry");
        }
        let entries = self.sitting()?.file.with_repetitions(&asked.entries)?;
        let deed = Deed {
            act: Act::RedactionAsked {
                entries: entries.clone(),
            },
            reason: Some(asked.reason),
            refs: entries.clone(),
        };
        let saved = self.save(vec![deed])?;
        self.sitting_mut()?.told = crate::told::Told::default();
        let at = EntryRef {
            log: saved.log,
            seq: saved.last_seq,
        };
        Ok(RedactionView { at, entries })
    }

    pub(crate) fn redact(&mut self, asked: Redact) -> Outcome<RedactionView> {
        self.writable()?;
        proper_reason(self, &asked.reason)?;
        self.unanswered(&asked.asked)?;
        let second = self.authenticate(&asked.login, asked.password)?;
        if !rights::may_agree(second.role()) {
            return no_with(
                "not_your_role",
                &[("act", "redact"), ("role", &rights::role_code(second.role()))],
            );
        }
        self.declared_by(&second)?;
        let stamp = self.stamp();
        let Place::Open(sitting) = &mut self.place else {
            return no("not_logged_in");
        };
        let mut dice = Dice(self.machine.as_mut());
        let saved = sitting
            .file
            .redact(&asked.asked, &second, asked.reason, &stamp, &mut dice)?;
        // What was read before may hold words that are gone now.
        sitting.told = crate::told::Told::default();
        sitting.verdicts = crate::standing::Verdicts::default();
        let at = EntryRef {
            log: saved.log,
            seq: saved.last_seq,
        };
        let body = sitting.file.entry(&at)?.and_then(|entry| entry.body);
        let entries = match body.map(|body| body.act) {
            Some(Act::Redacted { remains, .. }) => remains.into_iter().map(|remains| remains.at).collect(),
            Some(_) | None => Vec::new(),
        };
        Ok(RedactionView { at, entries })
    }

    pub(crate) fn decline_redaction(&mut self, asked: DeclineRedaction) -> Outcome<RedactionView> {
        self.writable()?;
        self.declared()?;
        proper_reason(self, &asked.reason)?;
        let (entries, asker) = self.unanswered(&asked.asked)?;
        let session = &self.sitting()?.session;
        let own = asker == Actor::Person(session.person().clone());
        if !own && !rights::may_agree(session.role()) {
            return no_with(
                "not_your_role",
                &[
                    ("act", "decline_redaction"),
                    ("role", &rights::role_code(session.role())),
                ],
            );
        }
        let deed = Deed {
            act: Act::RedactionDeclined {
                asked: asked.asked.clone(),
            },
            reason: Some(asked.reason),
            refs: vec![asked.asked],
        };
        let saved = self.save(vec![deed])?;
        self.sitting_mut()?.told = crate::told::Told::default();
        let at = EntryRef {
            log: saved.log,
            seq: saved.last_seq,
        };
        Ok(RedactionView { at, entries })
    }

    pub(crate) fn redactions(&mut self, _: Redactions) -> Outcome<RedactionsView> {
        let told = self.what_was_told()?;
        let mut answers = answers(&told);
        let mut requests = Vec::new();
        for entry in &told {
            let at = at_of(entry);
            let Some(Body {
                act: Act::RedactionAsked { entries },
                ..
            }) = &entry.body
            else {
                continue;
            };
            requests.push(self.request_view(entry, entries, answers.remove(&at))?);
        }
        requests.sort_by(|a, b| b.when.at.cmp(&a.when.at));
        Ok(RedactionsView { requests })
    }

    fn request_view(
        &self,
        entry: &EntryView,
        entries: &[EntryRef],
        answer: Option<Answer>,
    ) -> Outcome<RedactionRequestView> {
        let sitting = self.sitting()?;
        let Some(body) = &entry.body else {
            return no("redaction_no_such_entry");
        };
        let own = body.actor == Actor::Person(sitting.session.person().clone());
        let state = answer.as_ref().map_or("asked", |answer| answer.state);
        let home = sitting.file.logs()?.iter().any(|log| log.home && log.log == entry.log);
        let mut may = Vec::new();
        if state == "asked" && home && self.may_not("redact").is_none() {
            let role = sitting.session.role();
            may.push(if !own && rights::may_agree(role) {
                "agree"
            } else {
                "fetch"
            });
            if own {
                may.push("withdraw");
            } else if rights::may_agree(role) {
                may.push("decline");
            }
        }
        let answer = answer.map(|answer| answer.body);
        Ok(RedactionRequestView {
            at: at_of(entry),
            state: state.to_owned(),
            by: sitting.names.printed_or_device(&body.actor),
            role: body.role,
            when: body.moment.clone(),
            reason: body.reason.clone(),
            own,
            entries: self.falling(entries, entries)?,
            copies: (state == "asked" && home).then(|| self.copies(entries)).transpose()?,
            answered_by: answer.as_ref().map(|body| sitting.names.printed_or_device(&body.actor)),
            answered: answer.as_ref().map(|body| body.moment.clone()),
            answer: answer.and_then(|body| body.reason),
            may: may.into_iter().map(str::to_owned).collect(),
        })
    }

    /// A request of this file that nobody has answered: what it is about, and who asked.
    fn unanswered(&mut self, asked: &EntryRef) -> Outcome<(Vec<EntryRef>, Actor)> {
        let told = self.what_was_told()?;
        let request = told.iter().find(|entry| at_of(entry) == *asked);
        let Some(Body {
            act: Act::RedactionAsked { entries },
            actor,
            ..
        }) = request.and_then(|entry| entry.body.as_ref())
        else {
            return no("redaction_not_asked");
        };
        match answers(&told).get(asked) {
            None => Ok((entries.clone(), actor.clone())),
            Some(answer) => no_with("redaction_answered", &[("state", answer.state)]),
        }
    }

    /// Entries as they stand: what goes, what stays.
    fn falling(&self, entries: &[EntryRef], named: &[EntryRef]) -> Outcome<Vec<FallingView>> {
        let sitting = self.sitting()?;
        let mut all = Vec::with_capacity(entries.len());
        for at in entries {
            let Some(entry) = sitting.file.entry(at)? else { continue };
            let Some(body) = entry.body else { continue };
            let said = aloud(&body.act)?;
            let asked = match said.query.as_deref() {
                Some(query) => sitting.file.query(query)?,
                None => None,
            };
            all.push(FallingView {
                at: at.clone(),
                act: said.act,
                path: asked.map(|row| row.path.to_string()).or(said.path),
                value: said.new,
                old: said.old,
                text: said.text.filter(|text| !text.is_empty() && !entry.redacted),
                reason: body.reason.and_then(|Reason { text, .. }| text),
                by: sitting.names.printed_or_device(&body.actor),
                role: body.role,
                when: body.moment,
                repeats: !named.contains(at),
            });
        }
        Ok(all)
    }

    /// What holds the words of entries besides the file: made since the first of them.
    fn copies(&self, entries: &[EntryRef]) -> Outcome<CopiesView> {
        let file = &self.sitting()?.file;
        let mut since: Option<String> = None;
        for at in entries {
            let made = file.entry(at)?.and_then(|entry| entry.body).map(|body| body.moment.at);
            since = match (since, made) {
                (Some(first), Some(made)) => Some(first.min(made)),
                (since, made) => since.or(made),
            };
        }
        let since = since.as_deref().and_then(crate::machine::instant);
        let backups = match file.backup_folder()? {
            Some(folder) => store::backups(&folder, file.store_id()).unwrap_or_default(),
            None => Vec::new(),
        };
        let backups = backups
            .iter()
            .filter(|backup| since.is_none_or(|since| backup.at.timestamp() >= since.timestamp()));
        let holds = |upto: &[EntryRef]| {
            let reaches = |at: &EntryRef| upto.iter().any(|end| end.log == at.log && end.seq >= at.seq);
            entries.iter().any(reaches)
        };
        let bundles = file.exports()?.into_iter().filter(|row| holds(&row.upto));
        let devices = file.logs()?.into_iter();
        let devices = devices.filter(|log| log.home && !log.own && !log.closed);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(CopiesView {
            backups: count(backups.count()),
            bundles: count(bundles.count()),
            devices: count(devices.count()),
        })
    }
}
