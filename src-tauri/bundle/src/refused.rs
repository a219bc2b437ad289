//! Why a bundle is not believed: facts, for others to put into words.

use proof::PublicKey;
use serde::Serialize;
use std::fmt;

/// A bundle is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It is not what was signed, not in its one form, or contradicts itself.
    Damaged(Flaw),
    /// Nothing in it was altered since it was signed, but the reader's list of keys does not
    /// vouch for the key that signed it.
    SignerUnknown(Box<UnknownSigner>),
    /// Made by a newer Cartwright.
    Newer {
        /// The format's version in the bundle.
        version: u64,
        /// The program that wrote it, as it calls itself.
        app: String,
    },
}

/// The key that signed an intact bundle, and what the reader's list says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSigner {
    /// The key.
    pub key: PublicKey,
    /// What the list says.
    pub standing: KeyStanding,
    /// The names it is listed under, if it is.
    pub principals: Vec<String>,
    /// The bundle's name, as its top folder has it.
    pub external_id: String,
}

/// Why a listed or unlisted key does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStanding {
    /// Not in the list.
    Unlisted,
    /// In the list, not for bundles.
    OtherPurpose,
    /// In the list, from later on.
    NotYet,
    /// In the list, until earlier.
    Expired,
}

/// One thing that is wrong, where, and what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// What should have stood there.
    pub expected: Option<String>,
    /// What stood there.
    pub got: Option<String>,
}

/// Where a flaw was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "place")]
pub enum Place {
    /// The bundle as a whole.
    Bundle,
    /// A byte of the zip, from 0.
    Byte {
        /// Position.
        at: usize,
    },
    /// A file, named from the top folder.
    File {
        /// Its name.
        name: String,
    },
    /// A line of a file.
    Line {
        /// The file's name.
        name: String,
        /// The line, from 1.
        line: usize,
    },
    /// An entry of a log.
    Entry {
        /// The log.
        log: String,
        /// Its number.
        seq: u64,
    },
}

impl Flaw {
    pub(crate) const fn new(code: Code, place: Place) -> Self {
        Self {
            code,
            place,
            expected: None,
            got: None,
        }
    }

    pub(crate) fn bundle(code: Code) -> Self {
        Self::new(code, Place::Bundle)
    }

    pub(crate) fn file(code: Code, name: &str) -> Self {
        let name = harmless(name);
        Self::new(code, Place::File { name })
    }

    pub(crate) fn line(code: Code, name: &str, line: usize) -> Self {
        let name = name.to_owned();
        Self::new(code, Place::Line { name, line })
    }

    pub(crate) fn entry(code: Code, log: &str, seq: u64) -> Self {
        let log = harmless(log);
        Self::new(code, Place::Entry { log, seq })
    }

    pub(crate) fn expected(mut self, what: impl fmt::Display) -> Self {
        self.expected = Some(harmless(&what.to_string()));
        self
    }

    pub(crate) fn got(mut self, what: impl fmt::Display) -> Self {
        self.got = Some(harmless(&what.to_string()));
        self
    }
}

/// A fact comes out of an untrusted file and ends in a terminal: no control characters, not endless.
pub(crate) fn harmless(text: &str) -> String {
    const LONGEST: usize = 300;
    let plain = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().take(LONGEST).map(plain).collect()
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What is wrong with a bundle. The text of a code never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code's text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// Larger than allowed.
    TooLarge = "too-large",
    /// More files than allowed.
    TooManyFiles = "too-many-files",
    /// Not the canonical zip.
    ZipForm = "zip-form",
    /// A file's name is not plain, or given twice.
    ZipName = "zip-name",
    /// Not exactly one top folder.
    TopFolder = "top-folder",
    /// A file that must be there is not.
    FileMissing = "file-missing",
    /// A file nothing vouches for.
    FileUnlisted = "file-unlisted",
    /// A file that has no place in a bundle.
    FileUnexpected = "file-unexpected",
    /// Not UTF-8.
    NotText = "not-text",
    /// A signature file is not in its one form, or for another purpose.
    SignatureForm = "signature-form",
    /// A signature does not fit what it should cover.
    SignatureMismatch = "signature-mismatch",
    /// The exporting person's signature is by nobody in the list of people.
    SignatureUser = "signature-user",
    /// A list of files is not in its one form.
    ManifestForm = "manifest-form",
    /// A file differs from the hash in the signed list.
    ManifestHash = "manifest-hash",
    /// `bagit.txt` says something else.
    BagitTxt = "bagit-txt",
    /// `bag-info.txt` does not follow from the content.
    BagInfo = "bag-info",
    /// `cartwright.json` is not canonical, too large or too deep.
    HeaderForm = "header-form",
    /// `cartwright.json` has unknown, missing or contradictory members.
    HeaderShape = "header-shape",
    /// The folder is not named as the bundle calls itself.
    HeaderName = "header-name",
    /// The ranges of logs are empty, doubled, unsorted, or do not begin at the log's genesis.
    HeaderLogs = "header-logs",
    /// `people.json` is not canonical or not of its shape.
    PeopleForm = "people-form",
    /// A person, a log or a key is given twice.
    PeopleTwice = "people-twice",
    /// The site's key in `people.json` is not the one that signed.
    PeopleSite = "people-site",
    /// The enclosed list of signers cannot be read, or contradicts `people.json`.
    TrustList = "trust-list",
    /// A line of entries is not canonical, too long, or not of its shape.
    EntryForm = "entry-form",
    /// More entries than allowed.
    EntryTooMany = "entry-too-many",
    /// An entry is of a log that is not announced, or out of order.
    EntryOrder = "entry-order",
    /// A number is missing or doubled.
    EntryGap = "entry-gap",
    /// The leaf does not fit salt and body.
    EntryLeaf = "entry-leaf",
    /// The head does not fit the head before and the leaf.
    EntryHead = "entry-head",
    /// The last head is not the one announced.
    EntryEnd = "entry-end",
    /// Two entries have one id.
    EntryTwice = "entry-twice",
    /// The body names no actor.
    EntryActor = "entry-actor",
    /// A line of commits is not canonical or not of its shape.
    CommitForm = "commit-form",
    /// A commit is of a log or number that is not there, or out of order.
    CommitOrder = "commit-order",
    /// An entry is covered by no commit.
    CommitUncovered = "commit-uncovered",
    /// The signer is not the actor of an entry that the commit covers.
    CommitActor = "commit-actor",
    /// The signer, or the log's device, is not in `people.json`.
    CommitSigner = "commit-signer",
    /// The signature is not the signer's over that state of the log.
    CommitSignature = "commit-signature",
    /// A checkpoint is not the three lines that the log's last entry gives.
    Checkpoint = "checkpoint",
    /// A checkpoint's signature is not the site's.
    CheckpointSignature = "checkpoint-signature",
    /// A statement is not canonical, not of its shape, or not numbered in order.
    EsigForm = "esig-form",
    /// A statement is by nobody in the list of people.
    EsigPerson = "esig-person",
    /// A statement's signature is not that person's over it.
    EsigSignature = "esig-signature",
    /// A statement is about another file or study.
    EsigElsewhere = "esig-elsewhere",
    /// A statement names a head that the log did not have.
    EsigHead = "esig-head",
    /// The journal holds a signature that is not enclosed, or is enclosed differently.
    EsigJournal = "esig-journal",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Refused {
    /// Stable name of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Damaged(flaw) => flaw.code.as_str(),
            Self::Newer { .. } => "newer",
            Self::SignerUnknown(signer) => match signer.standing {
                KeyStanding::Unlisted => "signer-unknown",
                KeyStanding::OtherPurpose => "signer-other-purpose",
                KeyStanding::NotYet => "signer-not-yet",
                KeyStanding::Expired => "signer-expired",
            },
        }
    }
}

impl Refused {
    /// The facts for a sentence in any language, by name: `file`, `line`, `byte`, `log`, `seq`, `expected`,
    /// `got`; for a signer `external_id`, `fingerprint`, `words`, `principals`; for a newer format `version`, `app`.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Damaged(flaw) => flaw.facts(),
            Self::SignerUnknown(signer) => vec![
                ("external_id", signer.external_id.clone()),
                ("fingerprint", signer.key.fingerprint()),
                ("words", signer.key.words().join(" ")),
                ("principals", signer.principals.join(", ")),
            ],
            Self::Newer { version, app } => vec![("version", version.to_string()), ("app", app.clone())],
        }
    }
}

impl Flaw {
    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = match &self.place {
            Place::Bundle => Vec::new(),
            Place::Byte { at } => vec![("byte", at.to_string())],
            Place::File { name } => vec![("file", name.clone())],
            Place::Line { name, line } => vec![("file", name.clone()), ("line", line.to_string())],
            Place::Entry { log, seq } => vec![("log", log.clone()), ("seq", seq.to_string())],
        };
        for (name, fact) in [("expected", &self.expected), ("got", &self.got)] {
            facts.extend(fact.clone().map(|fact| (name, fact)));
        }
        facts
    }
}

impl From<Flaw> for Refused {
    fn from(flaw: Flaw) -> Self {
        Self::Damaged(flaw)
    }
}

/// For logs and tests; what a person reads is worded elsewhere from the code and the facts.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        self.facts()
            .iter()
            .try_for_each(|(name, fact)| write!(f, " {name}={fact}"))
    }
}

impl std::error::Error for Refused {}
