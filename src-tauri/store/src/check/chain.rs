//! The journal: canonical bytes, leaves, heads, numbers, and every save's signature by whoever was entitled then.

mod links;

use std::collections::{HashMap, hash_map::Entry};

use proof::{Checkpoint, CommitSig, Digest, ENTRY_LIMITS, PublicKey};
use rusqlite::Connection;
use study::act::{Act, Actor, Body, FileKind, PersonId, Role};

use crate::{
    apply::apply,
    check::{Report, Step, redacted::Redactions},
    error::Result,
    file::SiteFile,
    key::Key,
    ledger::Ledger,
    open,
    order::{Stored, in_order},
    read::from_json,
    transact::entry_id,
};

/// A person as the journal has told so far.
struct Known {
    key: Option<PublicKey>,
    login: String,
    role: Role,
    disabled: bool,
}

/// A log under way.
struct LogState {
    no: u32,
    id: String,
    device: Option<PublicKey>,
    seq: u64,
    head: Digest,
    /// The file it belongs to.
    store: String,
    kind: FileKind,
    /// Entries since the last signature.
    open: Vec<Body>,
    /// Identifier of the save under way, and how many of its entries were read.
    save_id: ([u8; 16], usize),
}

struct Check<'a> {
    file: &'a SiteFile,
    report: &'a mut Report,
    /// Everything folded anew.
    folded: Connection,
    ledger: Ledger,
    people: HashMap<PersonId, Known>,
    redactions: Redactions,
    /// Logs that were written in this very file, and up to where.
    lineage: Vec<(String, u64)>,
    /// Saves that wrote the header anew.
    headers: u64,
}

/// Whether an act goes with a new list of slots in the header.
fn writes_header(act: &Act) -> bool {
    matches!(
        act,
        Act::PersonAdded { .. }
            | Act::PersonDisabled { .. }
            | Act::PasswordChanged { .. }
            | Act::AccessCardTaken { .. }
            | Act::RecoveryCodeReplaced {}
            | Act::KeyReplaced {}
            | Act::LogOpened { .. }
    )
}

fn administers(act: &Act) -> bool {
    matches!(
        act,
        Act::PersonAdded { .. }
            | Act::PersonDisabled { .. }
            | Act::LogOpened { .. }
            | Act::StudyInstalled { .. }
            | Act::RecoveryCodeReplaced {}
            | Act::KeyReplaced {}
            | Act::AccessGranted { .. }
            | Act::AccessCardWritten { .. }
            | Act::AccessCardTaken { .. }
            | Act::PeopleConfirmed { .. }
            | Act::AttemptsSeen { .. }
            | Act::KeySheetSwitched { .. }
            | Act::KeySheetPrinted { .. }
    )
}

/// The logs that were written in this file, one continuing the other, each with the last number written here.
fn lineage(file: &SiteFile) -> Result<Vec<(String, u64)>> {
    let (mut all, mut log, mut upto) = (Vec::new(), Some(file.home_log()?), u64::MAX);
    let logs = file.logs()?;
    while let Some(row) = log.and_then(|log| logs.iter().find(|row| row.log == log)) {
        if all.len() > logs.len() {
            break;
        }
        all.push((row.log.clone(), upto));
        let before = row.continues.as_ref().map(|(at, _)| at);
        // A log that was closed ends there anyhow; one beside which this began went on elsewhere.
        upto = before.filter(|_| row.beside).map_or(u64::MAX, |at| at.seq);
        log = before.map(|at| at.log.clone());
    }
    Ok(all)
}

/// Checks every entry in order; answer: the projections, folded anew in memory.
pub(super) fn check_journal(
    file: &SiteFile,
    report: &mut Report,
    progress: &mut dyn FnMut(Step, u64, u64),
) -> Result<Connection> {
    let folded = Connection::open_in_memory()?;
    folded.execute_batch(open::SCHEMA)?;
    folded.set_prepared_statement_cache_capacity(64);
    folded.execute_batch("BEGIN")?;
    let mut check = Check {
        lineage: lineage(file)?,
        file,
        report,
        folded,
        ledger: Ledger::new(),
        people: HashMap::new(),
        redactions: Redactions::default(),
        headers: 0,
    };
    let conn = file.conn()?;
    let total: u64 = conn.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
    let mut logs: HashMap<u32, LogState> = HashMap::new();
    in_order(conn, &mut |entry| {
        let log = match logs.entry(entry.key.log) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => place.insert(check.begin_log(entry.key.log)?),
        };
        check.entry(log, &entry)?;
        check.report.entries += 1;
        if check.report.entries.is_multiple_of(1000) {
            progress(Step::Journal, check.report.entries, total);
        }
        Ok(())
    })?;
    let mut ends: Vec<LogState> = logs.into_values().collect();
    ends.sort_by_key(|log| log.no);
    for log in ends.iter().filter(|log| !log.open.is_empty()) {
        check.report.add("unsigned", format!("{}/{}", log.id, log.seq), []);
    }
    progress(Step::Journal, total, total);
    std::mem::take(&mut check.redactions).tell(check.report, |log, seq| {
        let no = file.log_no(log);
        no.is_some_and(|no| matches!(file.head_at(no, log, seq), Ok(Some(_))))
    });
    check.continuations()?;
    check.site_key();
    // Every such save raised the generation: an old header does not pass even where the database's note of it was set
    // back along with it.
    let (known, _) = file.header_known()?;
    if known < check.headers {
        let facts = [("read", known.to_string()), ("known", check.headers.to_string())];
        check.report.add("header_older", "journal", facts);
    }
    let folded = check.folded;
    folded.execute_batch("COMMIT")?;
    Ok(folded)
}

impl Check<'_> {
    /// A log's name and device key stand in its own `LogOpened`.
    fn begin_log(&mut self, no: u32) -> Result<LogState> {
        let opened = self.opening(no)?;
        let (id, device) = match &opened {
            Some((log, key, _)) => (log.clone(), key.parse().ok()),
            None => {
                self.report.add("log_unnamed", format!("log {no}"), []);
                (self.file.log_name(no).cloned().unwrap_or_default(), None)
            }
        };
        let (store, kind) = self.founder(no)?;
        Ok(LogState {
            no,
            device,
            seq: 0,
            head: proof::genesis(&id),
            id,
            store,
            kind,
            open: Vec::new(),
            save_id: ([0; 16], 0),
        })
    }

    /// Name, device key and predecessor of a log.
    fn opening(&self, no: u32) -> Result<Option<(String, String, Option<String>)>> {
        let (low, high) = Key::range(no);
        let sql = "SELECT body FROM entry WHERE key >= ?1 AND key < ?2 AND act = 'log_opened' ORDER BY key LIMIT 1";
        let body = self.file.row(sql, [low, high], |row| {
            from_json::<Body>(&row.get::<_, String>(0)?, "body")
        });
        Ok(match body {
            Ok(Some(Body {
                act: Act::LogOpened {
                    log, key, continues, ..
                },
                ..
            })) => Some((log, key, continues.map(|(at, _)| at.log))),
            Ok(_) | Err(_) => None,
        })
    }

    /// The file that a log, or the one it continues, began with.
    fn founder(&self, mut no: u32) -> Result<(String, FileKind)> {
        for _ in 0..=self.file.logs.len() {
            match self.opening(no)? {
                Some((_, _, Some(before))) => match self.file.log_no(&before) {
                    Some(before) => no = before,
                    None => break,
                },
                Some((_, _, None)) | None => break,
            }
        }
        let key = Key::new(no, 1).to_sql();
        let body = self.file.row("SELECT body FROM entry WHERE key = ?1", [key], |row| {
            from_json::<Body>(&row.get::<_, String>(0)?, "body")
        });
        Ok(match body {
            Ok(Some(Body {
                act: Act::SiteCreated { store, kind, .. },
                ..
            })) => (store, kind),
            Ok(_) | Err(_) => (String::new(), FileKind::Sponsor),
        })
    }

    fn entry(&mut self, log: &mut LogState, entry: &Stored) -> Result<()> {
        let at = format!("{}/{}", log.id, entry.key.seq);
        if entry.key.seq != log.seq + 1 {
            self.report.add("gap", &at, [("expected", (log.seq + 1).to_string())]);
        }
        if proof::head(&log.head, &entry.leaf) != entry.head {
            self.report.add("head", &at, []);
        }
        (log.seq, log.head) = (entry.key.seq, entry.head);
        let (first, read) = &mut log.save_id;
        if *read == 0 {
            *first = entry.id;
        }
        if entry_id(first, *read) != entry.id {
            self.report.add("identifier", &at, []);
        }
        *read = if entry.sig.is_some() { 0 } else { *read + 1 };
        let Some(body) = self.body(&at, log, entry) else {
            return Ok(());
        };
        self.e_signature(&at, log, &body);
        self.redactions.take_in(&at, &body, self.report);
        match apply(&self.folded, &mut self.ledger, entry.key, &body) {
            Ok(subject) if subject == entry.subject => {}
            Ok(subject) => self
                .report
                .add("subject", &at, [("expected", subject.unwrap_or_default())]),
            Err(error) => self.report.add("not_applicable", &at, [("said", error.to_string())]),
        }
        log.open.push(body);
        if let Some(sig) = &entry.sig {
            self.save(log, &at, sig);
        }
        Ok(())
    }

    /// The body as its leaf vouches for it, or what a redaction says of it.
    fn body(&mut self, at: &str, log: &LogState, entry: &Stored) -> Option<Body> {
        let json = match (&entry.salt, &entry.body, &entry.remains) {
            (Some(salt), Some(json), None) => {
                if proof::leaf(salt, json.as_bytes()) != entry.leaf {
                    self.report.add("leaf", at, []);
                }
                json
            }
            (None, None, Some(json)) => {
                self.redactions.found(log.id.clone(), entry.key.seq, json.clone());
                json
            }
            (_, _, _) => {
                self.report.add("body_missing", at, []);
                return None;
            }
        };
        match proof::parse_canonical_within::<Body>(json.as_bytes(), ENTRY_LIMITS) {
            Ok(body) => Some(body),
            Err(_) => {
                self.report.add("body_unreadable", at, []);
                None
            }
        }
    }

    /// One save: who signed, with which key, and whether they could do what stands in it.
    fn save(&mut self, log: &mut LogState, at: &str, sig: &[u8; 64]) {
        self.report.saves += 1;
        let bodies = std::mem::take(&mut log.open);
        let here = self.lineage.iter().any(|(id, upto)| *id == log.id && log.seq <= *upto);
        self.headers += u64::from(here && bodies.iter().any(|body| writes_header(&body.act)));
        let first = bodies.iter().any(|body| matches!(body.act, Act::SiteCreated { .. }));
        if first {
            self.learn(&bodies);
        }
        let Some(actor) = bodies.last().map(|body| body.actor.clone()) else {
            return;
        };
        if bodies.iter().any(|body| body.actor != actor) {
            self.report.add("two_actors", at, []);
        }
        let person = match &actor {
            Actor::Person(person) => self.people.get(person),
            Actor::Device => None,
        };
        let key = match &actor {
            Actor::Person(_) => person.and_then(|known| known.key),
            Actor::Device => log.device,
        };
        let checkpoint = Checkpoint::new(&log.id, log.seq, log.head);
        let good = match (key, checkpoint) {
            (Some(key), Ok(checkpoint)) => CommitSig(*sig).verify(&key, &checkpoint).is_ok(),
            (None, _) | (_, Err(_)) => false,
        };
        let role = person.map(|known| known.role);
        let disabled = person.is_some_and(|known| known.disabled);
        if !good {
            self.report
                .add("save_signature", at, [("actor", String::from(actor.clone()))]);
        }
        if disabled {
            self.report.add("disabled_person", at, [("actor", String::from(actor))]);
        }
        if bodies.iter().any(|body| body.role != role) {
            self.report.add("role_not_held", at, []);
        }
        let recovered = role.is_none() && bodies.iter().any(|body| matches!(body.act, Act::Recovered { .. }));
        let outside = role != Some(Role::Administrator) && !recovered;
        if outside && bodies.iter().any(|body| administers(&body.act)) {
            self.report.add("not_entitled", at, []);
        }
        let of_the_device = |act: &Act| {
            matches!(
                act,
                Act::FindingRaised { .. } | Act::FindingClosed { .. } | Act::CommandRefused { .. }
            )
        };
        if role.is_some() && bodies.iter().any(|body| of_the_device(&body.act)) {
            self.report.add("not_entitled", at, []);
        }
        if bodies.iter().any(|body| !body.act.belongs_in(log.kind)) {
            self.report.add("not_this_kind", at, []);
        }
        if !first {
            self.learn(&bodies);
        }
    }

    fn learn(&mut self, bodies: &[Body]) {
        for body in bodies {
            if let Act::PersonAdded {
                person,
                login,
                role,
                key,
                ..
            } = &body.act
            {
                let known = Known {
                    key: key.parse().ok(),
                    login: login.clone(),
                    role: *role,
                    disabled: false,
                };
                self.people.insert(person.clone(), known);
            }
            if let Act::PersonDisabled { person } = &body.act
                && let Some(known) = self.people.get_mut(person)
            {
                known.disabled = true;
            }
        }
    }
}
