//! A file as a site would have it after years: a thousand subjects, visit by visit, nearly every value a save of its own.

use proof::{Digest, Namespace};
use store::{Deed, Saved, Session, SiteFile};
use study::{
    act::{Act, Confirmation, IdentifierCheck, IdentifierOutcome, Reason, Role, SignedRecord, Statement},
    def::Severity,
    findings::FindingKind,
    value::Value,
};

use crate::desk::{Desk, STUDY, entered};

pub(crate) const SUBJECTS: u64 = 1_000;
/// Entries after which what was made becomes durable.
const BULK: u64 = 50_000;
/// Items of a form, and forms that one sitting at a subject fills.
const ITEMS: u64 = 16;
const FORMS: u64 = 2;

pub(crate) fn code(subject: u64) -> String {
    format!("012-{subject:04}")
}

/// Where the `n`-th value of a subject's `visit` stands.
pub(crate) fn path(subject: u64, visit: u64, n: u64) -> String {
    let (form, item) = (n / ITEMS % FORMS, n % ITEMS);
    format!(
        "{}/V{visit}/LAB{form}/LAB{form}.HEM/LAB{form}.I{item:02}",
        code(subject)
    )
}

fn form(subject: u64, visit: u64, form: u64) -> String {
    format!("{}/V{visit}/LAB{form}", code(subject))
}

/// One that writes.
pub(crate) struct Writer<'a> {
    pub(crate) desk: &'a mut Desk,
    pub(crate) file: &'a mut SiteFile,
    pub(crate) nurse: &'a Session,
    pub(crate) written: u64,
    made: u64,
    last: Option<Saved>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(desk: &'a mut Desk, file: &'a mut SiteFile, nurse: &'a Session) -> Self {
        Self {
            desk,
            file,
            nurse,
            written: 0,
            made: 0,
            last: None,
        }
    }

    fn save(&mut self, acts: Vec<Act>, noted: Vec<Act>, reason: Option<Reason>) {
        self.desk.second %= 30_000;
        let mut save = self.desk.save(self.nurse, acts);
        for deed in &mut save.deeds {
            deed.reason.clone_from(&reason);
        }
        save.noted = noted.into_iter().map(Deed::from).collect();
        self.written += (save.deeds.len() + save.noted.len()) as u64;
        self.last = Some(self.file.transact(&save, &mut self.desk.seed).unwrap());
    }

    /// One value, as the page saves it.
    pub(crate) fn value(&mut self, path: &str, number: u64) {
        let act = Act::ValueEntered {
            path: path.parse().unwrap(),
            value: Some(Value::Number {
                number: number.into(),
                unit: Some("10^9/L".into()),
            }),
            old: None,
            by_hand: false,
        };
        self.save(vec![act], Vec::new(), None);
    }

    /// One sitting at a subject's visit: some forty entries.
    pub(crate) fn sitting(&mut self, subject: u64, visit: u64) {
        if visit == 0 {
            let subject = code(subject);
            self.save(vec![Act::SubjectAdded { subject }], Vec::new(), None);
        }
        for n in 0..ITEMS * FORMS {
            let at = path(subject, visit, n);
            self.made += 1;
            match self.made % 20 {
                0 => {
                    self.save(vec![entered(&at, "as read from the chart")], Vec::new(), None);
                    let reason = Reason {
                        code: "transcription".into(),
                        text: Some("read wrongly from the chart".into()),
                    };
                    self.save(
                        vec![entered(&at, "as read again from the chart")],
                        Vec::new(),
                        Some(reason),
                    );
                }
                7 => {
                    let raised = Act::FindingRaised {
                        path: at.parse().unwrap(),
                        check: "RANGE".into(),
                        severity: Severity::Soft,
                        what: FindingKind::Required {},
                    };
                    self.save(vec![entered(&at, "12")], vec![raised], None);
                }
                13 => self.asked(&at),
                _ => self.value(&at, self.made % 900),
            }
        }
        for n in 0..FORMS {
            let form = form(subject, visit, n).parse().unwrap();
            self.save(vec![Act::FormCompleted { form }], Vec::new(), None);
        }
        let verified = |n| Act::Verified {
            path: path(subject, visit, n).parse().unwrap(),
            version: 1,
        };
        self.save((0..4).map(verified).collect(), Vec::new(), None);
        match visit {
            0 => self.confirmed(subject),
            1 => self.compared(subject),
            _ => {}
        }
        if visit % 4 == 3 {
            self.signed(subject, visit);
        }
    }

    fn asked(&mut self, at: &str) {
        self.value(at, 7);
        let query = format!("q-{}", self.made);
        let opened = Act::QueryOpened {
            query: query.clone(),
            path: at.parse().unwrap(),
            text: "Please compare with the report of the laboratory: the unit seems to be another.".into(),
            version: 1,
        };
        self.save(vec![opened], Vec::new(), None);
        if self.made.is_multiple_of(3) {
            return;
        }
        let answered = Act::QueryAnswered {
            query: query.clone(),
            text: "Compared; the unit is the one given.".into(),
        };
        self.save(vec![answered], Vec::new(), None);
        self.save(vec![Act::QueryClosed { query, text: None }], Vec::new(), None);
    }

    fn confirmed(&mut self, subject: u64) {
        let confirmation = Confirmation {
            kind: "eligibility".into(),
            about: format!("ELIG/{}", code(subject)),
            derived: "eligible".into(),
            own: None,
            detail: serde_json::json!({ "criteria": ["I1", "I2", "I3", "E1", "E2"], "verdict": "eligible" }),
        };
        self.save(vec![Act::Confirmed { confirmation }], Vec::new(), None);
    }

    fn compared(&mut self, subject: u64) {
        let checks = ["name", "birth_date", "coi", "lot"].map(|identifier| IdentifierCheck {
            identifier: identifier.into(),
            outcome: IdentifierOutcome::Agreed,
            value: None,
        });
        let form = form(subject, 1, 0).parse().unwrap();
        let checks = checks.to_vec();
        self.save(vec![Act::IdentityChecked { form, checks }], Vec::new(), None);
    }

    fn signed(&mut self, subject: u64, visit: u64) {
        let last = self.last.clone().unwrap();
        let records = (0..=visit).flat_map(|visit| (0..FORMS).map(move |n| form(subject, visit, n)));
        let records = records.map(|id| SignedRecord {
            sha256: Digest::of(id.as_bytes()).to_string(),
            id,
            version: 17,
        });
        let statement = Statement {
            format: "cartwright-esig-v1".into(),
            id: format!("s-{}-{visit}", code(subject)),
            meaning: "I have reviewed these records; they are complete and correct.".into(),
            meaning_code: "casebook".into(),
            printed_name: self.nurse.printed_name().into(),
            role: Role::Nurse,
            person: self.nurse.person().clone(),
            login: self.nurse.login().into(),
            moment: self.desk.stamp().moment,
            store: self.file.store_id().into(),
            study: STUDY.into(),
            log: last.log,
            seq: last.last_seq,
            head: last.head.to_string(),
            records: records.collect(),
        };
        let bytes = proof::statement_bytes(&statement).unwrap();
        let signature = self.nurse.sign(Namespace::Esig, &bytes).armoured();
        self.save(vec![Act::Signed { statement, signature }], Vec::new(), None);
    }
}

/// Fills a file up to some entries, and makes them durable.
pub(crate) fn fill(desk: &mut Desk, file: &mut SiteFile, nurse: &Session, size: u64) {
    let mut writer = Writer::new(desk, file, nurse);
    let mut next = BULK;
    writer.file.begin_bulk().unwrap();
    for (visit, subject) in (0..).flat_map(|visit| (0..SUBJECTS).map(move |subject| (visit, subject))) {
        if writer.written >= size {
            break;
        }
        writer.sitting(subject, visit);
        if writer.written >= next {
            writer.file.end_bulk().unwrap();
            writer.file.begin_bulk().unwrap();
            next += BULK;
        }
    }
    writer.file.end_bulk().unwrap();
}
