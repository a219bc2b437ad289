//! What is changed with the file's key in hand, how, and what must be said.

/// How a case changes the file.
pub(super) enum How {
    /// Beside the journal: the triggers stay.
    Beside(&'static str),
    /// The journal itself: the triggers are dropped before and made again after.
    Journal(&'static str),
    /// As [`How::Journal`], and every leaf and head from there on is computed anew.
    Rechained(&'static str),
}
use How::{Beside, Journal, Rechained};

/// The entry that says `F`, the first value of an item changed later.
pub(super) const FIRST: &str = "act = 'value_entered' AND body LIKE '%SEX%' AND body LIKE '%\"F\"%'";

/// The entry of the nurse.
pub(super) const NURSE: &str = "act = 'person_added' AND body LIKE '%nurse (printed)%'";

/// What is changed, how, and what must be said (among other things).
pub(super) const CASES: &[(&str, How, &str)] = &[
    // Projections.
    (
        "a value shown",
        Beside("UPDATE item SET value = '{\"type\":\"text\",\"text\":\"X\"}' WHERE path LIKE '%SEX'"),
        "row_differs",
    ),
    (
        "a version counted down",
        Beside("UPDATE item SET version = 1 WHERE path LIKE '%SEX'"),
        "row_differs",
    ),
    (
        "a value hidden",
        Beside("DELETE FROM item WHERE path LIKE '%SEX'"),
        "row_missing",
    ),
    (
        "a row called removed",
        Beside("UPDATE item SET removed = 1"),
        "row_differs",
    ),
    (
        "a scan called typed",
        Beside("UPDATE item SET by_hand = 1"),
        "row_differs",
    ),
    (
        "a subject made up",
        Beside("INSERT INTO subject (code, entry, at, utc, version, site) VALUES ('S-999', 1, '', '', '1.0', 1)"),
        "row_without_entry",
    ),
    ("a subject hidden", Beside("DELETE FROM subject"), "row_missing"),
    (
        "a form not complete",
        Beside("UPDATE form SET completed = NULL"),
        "row_differs",
    ),
    (
        "a query closed",
        Beside("UPDATE query SET state = 'closed'"),
        "row_differs",
    ),
    (
        "a question reworded",
        Beside("UPDATE query SET text = 'Fine?'"),
        "row_differs",
    ),
    (
        "a verification made up",
        Beside(
            "INSERT INTO verification (path, version, person, entry) VALUES ('S-001/SCR/DM/DM.MAIN/DM.SEX', 2, 'p', 9)",
        ),
        "row_without_entry",
    ),
    (
        "a signature moved to another entry",
        Beside("UPDATE signature SET entry = entry - 1"),
        "row_differs",
    ),
    (
        "a signature over another record",
        Beside("UPDATE signed_record SET record = 'S-001/SCR/VS'"),
        "row_without_entry",
    ),
    (
        "a role raised",
        Beside("UPDATE person SET role = '\"administrator\"' WHERE login = 'nurse'"),
        "row_differs",
    ),
    (
        "a key exchanged",
        Beside("UPDATE person SET key = 'ssh-ed25519 AAAA' WHERE login = 'nurse'"),
        "row_differs",
    ),
    (
        "a printed name changed",
        Beside("UPDATE person SET printed_name = 'Somebody Else' WHERE login = 'nurse'"),
        "row_differs",
    ),
    (
        "an administrator disabled",
        Beside("UPDATE person SET disabled = 1 WHERE login = 'nurse'"),
        "row_differs",
    ),
    (
        "a log's name",
        Beside("UPDATE log SET device = 'another laptop'"),
        "row_differs",
    ),
    (
        "a study's version",
        Beside("UPDATE study SET sha256 = 'ff'"),
        "row_differs",
    ),
    (
        "an export made up",
        Beside("INSERT INTO export (bundle, entry) VALUES ('b-1', 3)"),
        "row_without_entry",
    ),
    (
        "a clock put right",
        Beside("INSERT INTO clock (entry, acknowledged) VALUES (3, 4)"),
        "row_without_entry",
    ),
    // The journal.
    (
        "a value in an entry",
        Journal("UPDATE entry SET body = replace(body, '\"F\"', '\"X\"') WHERE {FIRST}"),
        "leaf",
    ),
    (
        "a time in an entry",
        Journal("UPDATE entry SET body = replace(body, '2026-03-01', '2026-02-01') WHERE {FIRST}"),
        "leaf",
    ),
    (
        "an offset in an entry",
        Journal("UPDATE entry SET body = replace(body, '+08:00', '+00:00') WHERE {FIRST}"),
        "leaf",
    ),
    (
        "an actor in an entry",
        Journal("UPDATE entry SET body = replace(body, json_extract(body, '$.actor'), 'device') WHERE {FIRST}"),
        "leaf",
    ),
    (
        "a role in an entry",
        Journal("UPDATE entry SET body = replace(body, 'nurse', 'monitor') WHERE {FIRST}"),
        "leaf",
    ),
    (
        "a space after an entry",
        Journal("UPDATE entry SET body = body || ' ' WHERE {FIRST}"),
        "body_unreadable",
    ),
    (
        "the order of keys in an entry",
        Journal(
            "UPDATE entry SET body = json_insert(json_remove(body, '$.act'), '$.act', json_extract(body, '$.act')) WHERE {FIRST}",
        ),
        "body_unreadable",
    ),
    (
        "a salt",
        Journal("UPDATE entry SET salt = randomblob(16) WHERE {FIRST}"),
        "leaf",
    ),
    (
        "a leaf",
        Journal("UPDATE entry SET leaf = randomblob(32) WHERE {FIRST}"),
        "head",
    ),
    (
        "a head",
        Journal("UPDATE entry SET head = randomblob(32) WHERE {FIRST}"),
        "head",
    ),
    (
        "body and salt removed",
        Journal("UPDATE entry SET body = NULL, salt = NULL WHERE {FIRST}"),
        "body_missing",
    ),
    (
        "the subject filed under",
        Journal("UPDATE entry SET subject = 'S-002' WHERE {FIRST}"),
        "subject",
    ),
    ("an entry deleted", Journal("DELETE FROM entry WHERE {FIRST}"), "gap"),
    (
        "two entries exchanged",
        Journal(
            "UPDATE entry SET key = -key WHERE key IN ({N}+6, {N}+7); UPDATE entry SET key = {N}+7 WHERE key = -({N}+6); UPDATE entry SET key = {N}+6 WHERE key = -({N}+7)",
        ),
        "head",
    ),
    (
        "an entry said twice",
        Journal(
            "INSERT INTO entry (key, id, salt, body, leaf, head, subject, sig) SELECT key + 1, randomblob(16), salt, body, leaf, head, subject, sig FROM entry WHERE act = 'signed'",
        ),
        "head",
    ),
    (
        "an entry of a log nobody opened",
        Journal(
            "INSERT INTO entry (key, id, salt, body, leaf, head, subject, sig) SELECT (9 << 40) + 1, randomblob(16), salt, body, leaf, head, subject, sig FROM entry WHERE {FIRST}",
        ),
        "log_unnamed",
    ),
    (
        "the identifier of an entry within a save",
        Journal("UPDATE entry SET id = randomblob(16) WHERE act = 'query_answered'"),
        "identifier",
    ),
    (
        "a save's signature",
        Journal("UPDATE entry SET sig = randomblob(64) WHERE act = 'form_completed'"),
        "save_signature",
    ),
    (
        "a save's signature on another save",
        Journal(
            "UPDATE entry SET sig = (SELECT sig FROM entry WHERE act = 'subject_added') WHERE act = 'form_completed'",
        ),
        "save_signature",
    ),
    (
        "the last signature taken away",
        Journal("UPDATE entry SET sig = NULL WHERE act = 'signed'"),
        "unsigned",
    ),
    (
        "two people's saves made one",
        Journal("UPDATE entry SET sig = NULL WHERE body LIKE '%nurse (printed)%' AND act = 'person_added'"),
        "two_actors",
    ),
    // The journal, with its chain made good again: only the people's own keys are missing.
    (
        "a value, rechained",
        Rechained("UPDATE entry SET body = replace(body, '\"F\"', '\"X\"') WHERE {FIRST}"),
        "save_signature",
    ),
    (
        "a time, rechained",
        Rechained("UPDATE entry SET body = replace(body, '2026-03-01', '2026-02-01')"),
        "save_signature",
    ),
    (
        "an entry deleted, rechained",
        Rechained(
            "DELETE FROM entry WHERE act = 'form_completed'; UPDATE entry SET key = key - 1 WHERE act IN ('query_opened', 'query_answered', 'signed')",
        ),
        "save_signature",
    ),
    (
        "a role raised where it began, rechained",
        Rechained(
            "UPDATE entry SET body = replace(body, '\"role\":\"nurse\"', '\"role\":\"administrator\"') WHERE act = 'person_added'",
        ),
        "save_signature",
    ),
    (
        "somebody else's key, rechained",
        Rechained(
            "UPDATE entry SET body = replace(body, json_extract(body, '$.act.key'), 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA') WHERE act = 'person_added' AND body LIKE '%nurse (printed)%'",
        ),
        "save_signature",
    ),
    (
        "an electronic signature's meaning, rechained",
        Rechained(
            "UPDATE entry SET body = replace(body, 'I have seen it.', 'I have not seen it.') WHERE act = 'signed'",
        ),
        "e_signature",
    ),
    (
        "an electronic signature's record, rechained",
        Rechained(
            "UPDATE entry SET body = replace(body, '\"id\":\"S-001/SCR/DM\"', '\"id\":\"S-001/SCR/VS\"') WHERE act = 'signed'",
        ),
        "e_signature",
    ),
    // What is beside the journal.
    ("a trigger dropped", Beside("DROP TRIGGER entry_never_goes"), "Schema"),
    (
        "a trigger emptied",
        Beside(
            "DROP TRIGGER entry_never_goes; CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry BEGIN SELECT 1; END",
        ),
        "schema",
    ),
    ("a table more", Beside("CREATE TABLE elsewhere (x)"), "schema"),
    ("an index less", Beside("DROP INDEX query_path"), "schema"),
    (
        "the file's identifier",
        Beside("UPDATE meta SET value = '00000000-0000-4000-8000-000000000000' WHERE name = 'store'"),
        "header_of_another",
    ),
    (
        "the header known counted down",
        Beside("UPDATE meta SET value = 1 WHERE name = 'header_generation'"),
        "header_older",
    ),
    (
        "the header known exchanged",
        Beside("UPDATE meta SET value = randomblob(32) WHERE name = 'header_digest'"),
        "HeaderOlder",
    ),
    (
        "the site's key exchanged",
        Beside("UPDATE secret SET value = lower(hex(randomblob(32))) WHERE name = 'site-signing-seed'"),
        "site_key",
    ),
    (
        "the site's key lost",
        Beside("DELETE FROM secret WHERE name = 'site-signing-seed'"),
        "site_key",
    ),
    ("another format", Beside("PRAGMA user_version = 77"), "newer_format"),
    ("an older format", Beside("PRAGMA user_version = 0"), "damaged schema"),
    (
        "a body taken out as if it were redacted",
        Journal(
            "UPDATE entry SET remains = json_remove(body, '$.act.value', '$.act.old'), body = NULL, salt = NULL
             WHERE key = (SELECT min(key) FROM entry WHERE act = 'value_entered')",
        ),
        "body_missing",
    ),
    (
        "a redaction made up",
        Beside("INSERT INTO redaction (entry, redacted) VALUES ({N} + 6, {N} + 7)"),
        "row_without_entry",
    ),
    (
        "a conflict made up",
        Beside("INSERT INTO conflict (path, stands, other) VALUES ('S-001/SCR/DM/G/A', {N} + 6, {N} + 7)"),
        "row_without_entry",
    ),
    (
        "an import made up",
        Beside("INSERT INTO import (sha256, entry) VALUES ('00', {N} + 7)"),
        "row_without_entry",
    ),
    (
        "another application",
        Beside("PRAGMA application_id = 77"),
        "not_a_site_file",
    ),
    (
        "the end cut off",
        Journal("DELETE FROM entry WHERE act = 'signed'; DELETE FROM signature; DELETE FROM signed_record"),
        "Older",
    ),
];
