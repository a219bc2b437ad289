//! The journal: canonical bytes, leaves, heads, numbers, and every save's signature by whoever was entitled then.

use std::collections::HashMap;

use proof::{Checkpoint, CommitSig, Digest, ENTRY_LIMITS, Namespace, PublicKey, SshSig};
use rusqlite::{Connection, Row};
use study::act::{Act, Actor, Body, PersonId, Role, Statement};

use crate::{
    apply::apply,
    check::{Report, Step},
    error::Result,
    file::SiteFile,
    key::Key,
    open,
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
}

struct Check<'a> {
    file: &'a SiteFile,
    report: &'a mut Report,
    /// Everything folded anew.
    folded: Connection,
    people: HashMap<PersonId, Known>,
    /// Entries since the last signature.
    open: Vec<Body>,
    /// Identifier of the save under way, and how many of its entries were read.
    save_id: ([u8; 16], usize),
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
            | Act::RecoveryCodeReplaced {}
            | Act::KeyReplaced {}
            | Act::LogOpened { .. }
    )
}

struct Stored {
    key: Key,
    id: [u8; 16],
    salt: Option<[u8; 16]>,
    body: Option<String>,
    leaf: Digest,
    head: Digest,
    subject: Option<String>,
    sig: Option<[u8; 64]>,
}

fn stored(row: &Row<'_>) -> Result<Stored> {
    Ok(Stored {
        key: Key::from_sql(row.get(0)?),
        id: row.get(1)?,
        salt: row.get(2)?,
        body: row.get(3)?,
        leaf: Digest(row.get(4)?),
        head: Digest(row.get(5)?),
        subject: row.get(6)?,
        sig: row.get(7)?,
    })
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
        file,
        report,
        folded,
        people: HashMap::new(),
        open: Vec::new(),
        save_id: ([0; 16], 0),
        headers: 0,
    };
    let conn = file.conn()?;
    let total: u64 = conn.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
    let mut rows = conn.prepare("SELECT key, id, salt, body, leaf, head, subject, sig FROM entry ORDER BY key")?;
    let mut rows = rows.query([])?;
    let mut log: Option<LogState> = None;
    while let Some(row) = rows.next()? {
        let entry = stored(row)?;
        if log.as_ref().is_none_or(|log| log.no != entry.key.log) {
            check.end_log(log.as_ref());
            log = Some(check.begin_log(entry.key.log)?);
        }
        if let Some(log) = &mut log {
            check.entry(log, &entry)?;
        }
        check.report.entries += 1;
        if check.report.entries.is_multiple_of(1000) {
            progress(Step::Journal, check.report.entries, total);
        }
    }
    check.end_log(log.as_ref());
    progress(Step::Journal, total, total);
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
        let (low, high) = Key::range(no);
        let sql = "SELECT body FROM entry WHERE key >= ?1 AND key < ?2 AND act = 'log_opened' ORDER BY key LIMIT 1";
        let body = self.file.row(sql, [low, high], |row| {
            from_json::<Body>(&row.get::<_, String>(0)?, "body")
        });
        let (id, device) = match body {
            Ok(Some(Body {
                act: Act::LogOpened { log, key, .. },
                ..
            })) => (log, key.parse().ok()),
            Ok(_) | Err(_) => {
                self.report.add("log_unnamed", format!("log {no}"), []);
                (self.file.log_name(no).cloned().unwrap_or_default(), None)
            }
        };
        let head = proof::genesis(&id);
        Ok(LogState {
            no,
            id,
            device,
            seq: 0,
            head,
        })
    }

    fn end_log(&mut self, log: Option<&LogState>) {
        if let Some(log) = log
            && !self.open.is_empty()
        {
            self.report.add("unsigned", format!("{}/{}", log.id, log.seq), []);
        }
        self.open.clear();
        self.save_id.1 = 0;
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
        let (first, read) = &mut self.save_id;
        if *read == 0 {
            *first = entry.id;
        }
        if entry_id(first, *read) != entry.id {
            self.report.add("identifier", &at, []);
        }
        *read = if entry.sig.is_some() { 0 } else { *read + 1 };
        let (Some(salt), Some(json)) = (&entry.salt, &entry.body) else {
            self.report.add("body_missing", &at, []);
            return Ok(());
        };
        if proof::leaf(salt, json.as_bytes()) != entry.leaf {
            self.report.add("leaf", &at, []);
        }
        let Ok(body) = proof::parse_canonical_within::<Body>(json.as_bytes(), ENTRY_LIMITS) else {
            self.report.add("body_unreadable", &at, []);
            return Ok(());
        };
        self.e_signature(&at, &body);
        match apply(&self.folded, entry.key, &body) {
            Ok(subject) if subject == entry.subject => {}
            Ok(subject) => self
                .report
                .add("subject", &at, [("expected", subject.unwrap_or_default())]),
            Err(error) => self.report.add("not_applicable", &at, [("said", error.to_string())]),
        }
        self.open.push(body);
        if let Some(sig) = &entry.sig {
            self.save(log, &at, sig);
        }
        Ok(())
    }

    /// One save: who signed, with which key, and whether they could do what stands in it.
    fn save(&mut self, log: &LogState, at: &str, sig: &[u8; 64]) {
        self.report.saves += 1;
        let bodies = std::mem::take(&mut self.open);
        self.headers += u64::from(bodies.iter().any(|body| writes_header(&body.act)));
        let first = self.people.is_empty();
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
        let administers = |act: &Act| {
            matches!(
                act,
                Act::PersonAdded { .. }
                    | Act::PersonDisabled { .. }
                    | Act::LogOpened { .. }
                    | Act::RecoveryCodeReplaced {}
                    | Act::KeyReplaced {}
                    | Act::AccessGranted { .. }
                    | Act::KeySheetSwitched { .. }
                    | Act::KeySheetPrinted { .. }
            )
        };
        if role != Some(Role::Administrator) && !recovered && bodies.iter().any(|body| administers(&body.act)) {
            self.report.add("not_entitled", at, []);
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

    /// A log that was closed ends where its continuation says, at the head that it names.
    fn continuations(&mut self) -> Result<()> {
        let mut logs = self.folded.prepare(
            "SELECT old.no, later.id, later.continues_seq, later.continues_head FROM log AS later
             LEFT JOIN log AS old ON old.id = later.continues WHERE later.continues IS NOT NULL ORDER BY later.no",
        )?;
        let mut rows = logs.query([])?;
        while let Some(row) = rows.next()? {
            let (old, later): (Option<u32>, String) = (row.get(0)?, row.get(1)?);
            let (seq, named): (u64, String) = (row.get(2)?, row.get(3)?);
            let Some(old) = old else {
                self.report.add("continues_nothing", later, []);
                continue;
            };
            let tip = self.file.tip(old, self.file.log_name(old)?)?;
            if tip.seq != seq || tip.head.to_string() != named {
                self.report.add(
                    "continues_elsewhere",
                    later,
                    [("closed_at", seq.to_string()), ("ends_at", tip.seq.to_string())],
                );
            }
        }
        Ok(())
    }

    /// The site signs its parcels with the key that its first entry names.
    fn site_key(&mut self) {
        let kept = self.file.site_signing_key().map(|key| key.public().to_openssh());
        if !matches!((self.file.site(), kept), (Ok(site), Ok(key)) if site.key == key) {
            self.report.add("site_key", "secret", []);
        }
    }

    fn e_signature(&mut self, at: &str, body: &Body) {
        let Act::Signed { statement, signature } = &body.act else {
            return;
        };
        let signer = self.people.get(&statement.person);
        let key = signer.and_then(|known| known.key);
        let parsed = SshSig::parse(signature);
        let good = match (key, parsed, proof::statement_bytes(statement)) {
            (Some(key), Ok(sig), Ok(bytes)) => proof::verify(&key, Namespace::Esig, &bytes, &sig).is_ok(),
            (_, _, _) => false,
        };
        if !good {
            self.report
                .add("e_signature", at, [("signature", statement.id.clone())]);
        }
        let theirs = body.actor == Actor::Person(statement.person.clone())
            && body.role == Some(statement.role)
            && signer.is_some_and(|known| known.login == statement.login);
        if !theirs {
            self.report
                .add("e_signature_person", at, [("signature", statement.id.clone())]);
        }
        if statement.store != self.file.store || !self.saw_that_head(statement) {
            self.report
                .add("e_signature_place", at, [("signature", statement.id.clone())]);
        }
    }

    /// Whether the log stood where the signer says it stood.
    fn saw_that_head(&self, statement: &Statement) -> bool {
        let Some(no) = self.file.log_no(&statement.log) else {
            return false;
        };
        let key = Key::new(no, statement.seq).to_sql();
        let head = self.file.row("SELECT head FROM entry WHERE key = ?1", [key], |row| {
            Ok(Digest(row.get(0)?))
        });
        matches!(head, Ok(Some(head)) if head.to_string() == statement.head)
    }
}
