-- Format 2 of the site file. The journal first; then what is folded from it and may be thrown away and folded again;
-- then what is no part of the journal.

-- key: number of the log << 40 | number of the entry in it. subject: found by the fold, for the index only.
-- sig: on the last entry of each save, the signature over log, number and head.
-- remains: what is still said of a redacted entry, in place of body and salt.
CREATE TABLE entry (
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  salt BLOB CHECK (length(salt) = 16),
  body TEXT,
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  head BLOB NOT NULL CHECK (length(head) = 32),
  subject TEXT,
  sig BLOB CHECK (length(sig) = 64),
  remains TEXT,
  act TEXT GENERATED ALWAYS AS (coalesce(body, remains) ->> '$.act.type') VIRTUAL,
  actor TEXT GENERATED ALWAYS AS (coalesce(body, remains) ->> '$.actor') VIRTUAL
) STRICT;
CREATE INDEX entry_subject ON entry (subject) WHERE subject IS NOT NULL;
-- What is about no subject is rare and asked for by what it is: keys, log-ins, bundles, redactions.
CREATE INDEX entry_act ON entry (act) WHERE subject IS NULL;

-- But that a redaction takes away body and salt of an entry that it names, and that folding finds the subject anew.
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
WHEN NOT (
  NEW.key = OLD.key AND NEW.id = OLD.id AND NEW.leaf = OLD.leaf AND NEW.head = OLD.head AND NEW.sig IS OLD.sig
  AND (
    NEW.body IS OLD.body AND NEW.salt IS OLD.salt AND NEW.remains IS OLD.remains
    OR NEW.body IS NULL AND NEW.salt IS NULL AND OLD.remains IS NULL AND NEW.remains IS NOT NULL
    AND EXISTS (SELECT 1 FROM redaction WHERE entry = NEW.key)
  )
)
BEGIN SELECT raise(ABORT, 'append only'); END;
CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'append only'); END;
CREATE TRIGGER entry_has_a_predecessor BEFORE INSERT ON entry
WHEN NEW.key & 0xFFFFFFFFFF <> 1 AND NOT EXISTS (SELECT 1 FROM entry WHERE key = NEW.key - 1)
BEGIN SELECT raise(ABORT, 'gap'); END;

-- The file itself, and every other whose logs came in bundles.
CREATE TABLE site (
  entry INTEGER PRIMARY KEY,
  store TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  key TEXT NOT NULL
) STRICT;
CREATE TABLE log (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  device TEXT NOT NULL,
  key TEXT NOT NULL,
  continues TEXT,
  continues_seq INTEGER,
  continues_head TEXT,
  beside INTEGER NOT NULL,
  site INTEGER NOT NULL,
  entry INTEGER NOT NULL
) STRICT;
CREATE TABLE study (entry INTEGER PRIMARY KEY, oid TEXT NOT NULL, version TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT;
-- site: the file in which the person logs in.
CREATE TABLE person (
  person TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  printed_name TEXT NOT NULL,
  role TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  sealing TEXT NOT NULL,
  identity_verified TEXT NOT NULL,
  entry INTEGER NOT NULL,
  declared INTEGER,
  disabled INTEGER,
  site INTEGER NOT NULL,
  until TEXT
) STRICT, WITHOUT ROWID;
-- Entries that say who may do what, and that somebody looked after it: read together, without the rest of the journal.
CREATE TABLE office (entry INTEGER PRIMARY KEY) STRICT;
-- at, utc: when it was added, and the device's offset then. version: of the study, the one that the subject is under.
CREATE TABLE subject (
  code TEXT PRIMARY KEY,
  entry INTEGER NOT NULL,
  at TEXT NOT NULL,
  utc TEXT NOT NULL,
  version TEXT NOT NULL,
  site INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Paths sort so that a subject, a form, a group are each one range. study: the version that the value was entered under.
CREATE TABLE item (
  path TEXT PRIMARY KEY,
  oid TEXT NOT NULL,
  value TEXT,
  version INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  by_hand INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  study TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- One question over all subjects is one range here, answered without the table.
CREATE INDEX item_oid ON item (oid, path, value) WHERE removed = 0;
-- answered: items with a value; verified: those of them whose verification stands.
CREATE TABLE form (
  path TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  completed INTEGER,
  answered INTEGER NOT NULL DEFAULT 0,
  verified INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE query (
  id TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  text TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  opened INTEGER NOT NULL,
  entry INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX query_path ON query (path);
CREATE INDEX query_unsettled ON query (path) WHERE state <> 'closed';
-- Findings that stand. explained: the entry that says why a soft one may.
CREATE TABLE finding (
  path TEXT,
  rule TEXT,
  severity TEXT NOT NULL,
  entry INTEGER NOT NULL,
  explained INTEGER,
  PRIMARY KEY (path, rule)
) STRICT, WITHOUT ROWID;
CREATE TABLE verification (
  path TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person TEXT NOT NULL,
  entry INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE identity_check (
  entry INTEGER PRIMARY KEY,
  form TEXT NOT NULL,
  person TEXT NOT NULL,
  agreed INTEGER NOT NULL,
  coi TEXT,
  lot TEXT
) STRICT;
CREATE INDEX identity_check_form ON identity_check (form);
CREATE TABLE confirmation (
  entry INTEGER PRIMARY KEY,
  about TEXT NOT NULL,
  subject TEXT,
  derived TEXT NOT NULL,
  study TEXT NOT NULL,
  criteria TEXT NOT NULL
) STRICT;
CREATE INDEX confirmation_about ON confirmation (about);
CREATE INDEX confirmation_subject ON confirmation (subject);
CREATE TABLE signature (id TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE signed_record (
  record TEXT,
  entry INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY (record, entry)
) STRICT, WITHOUT ROWID;
CREATE TABLE export (bundle TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE clock (entry INTEGER PRIMARY KEY, acknowledged INTEGER) STRICT;
CREATE TABLE redaction (entry INTEGER PRIMARY KEY, redacted INTEGER NOT NULL) STRICT;
CREATE TABLE import (sha256 TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- Two devices wrote the same, neither knowing of the other: the later in the order of logs stands, both stay.
CREATE TABLE conflict (
  path TEXT,
  stands INTEGER,
  other INTEGER,
  PRIMARY KEY (path, stands, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE secret (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE definition (
  study TEXT,
  version TEXT,
  name TEXT,
  bytes BLOB NOT NULL,
  PRIMARY KEY (study, version, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE unfinished (
  path TEXT,
  person TEXT,
  text TEXT NOT NULL,
  PRIMARY KEY (path, person)
) STRICT, WITHOUT ROWID;
-- Entries that came in a bundle and lie beyond a gap: they wait until what is between has come.
CREATE TABLE waiting (
  log TEXT,
  seq INTEGER,
  id BLOB NOT NULL,
  salt BLOB,
  body TEXT,
  leaf BLOB NOT NULL,
  head BLOB NOT NULL,
  sig BLOB,
  PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;
-- Bundles in which a log goes on in another way than here, as they came.
CREATE TABLE evidence (sha256 TEXT PRIMARY KEY, bundle TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
