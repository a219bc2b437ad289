//! The lock of the open file, as the kernel lists it after every public operation there is.
#![cfg(target_os = "linux")]

use std::{
    collections::BTreeSet,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use study::act::{Act, EntryRef, Moment, Role};

use crate::{
    EntryFilter, KdfCost, QueryFilter, SiteFile, StudyTag, backups, check,
    desk::{PASSWORD, because, entered, password, person},
    front_page, restore,
    tests::{imports::bundle_of_a_site, lively, quick_desk},
};

/// Whether the kernel lists a writer's lock of this process on the file. It hands the list out in pieces, so that a reading may miss a
/// lock and never invents one: what no reading of many shows is not held.
fn locked(path: &Path) -> bool {
    let inode = format!(":{} ", std::fs::metadata(path).unwrap().ino());
    let pid = format!(" {} ", std::process::id());
    (0..50).any(|_| {
        let all = std::fs::read_to_string("/proc/locks").unwrap();
        all.lines()
            .any(|line| line.contains(&inode) && line.contains(&pid) && line.contains(" WRITE "))
    })
}

/// Every public operation of an open file, read from the sources.
fn operations() -> BTreeSet<String> {
    fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                into.push(path);
            }
        }
    }
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut names = BTreeSet::new();
    for file in files {
        let mut inside = false;
        for line in std::fs::read_to_string(file).unwrap().lines() {
            match line {
                "impl SiteFile {" => inside = true,
                "}" => inside = false,
                _ => {}
            }
            if inside && let Some(rest) = line.strip_prefix("    pub fn ") {
                names.insert(rest.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
    names
}

/// Does each thing, whatever comes of it, and looks for the lock.
macro_rules! held {
    ($path:expr, $done:ident: $($name:ident => $deed:expr;)*) => {$({
        let _whatever_came_of_it = $deed;
        assert!(locked($path), "the lock is gone after {}", stringify!($name));
        $done.insert(stringify!($name).to_owned());
    })*};
}

#[test]
fn the_lock_is_held_after_every_public_operation() {
    let mut desk = quick_desk();
    let mut file = lively(&mut desk);
    let path = &desk.path();
    let stamp = desk.stamp();
    let moment = || Moment {
        at: "2026-03-05T18:00:00.000Z".into(),
        offset: "+08:00".into(),
    };
    let folder = desk.folder.path().to_owned();
    let word = password(PASSWORD);
    let cost = KdfCost::cheap();
    let incoming = bundle_of_a_site();
    let mut done = BTreeSet::new();
    let mut people = ["admin", "nurse"].map(|login| {
        let session = file.authenticate(login, &word, &stamp, &mut desk.seed);
        session.unwrap()
    });
    let [admin, nurse] = &mut people;
    let words = file.key_sheet(admin).unwrap().expose().to_owned();
    held! { path, done:
        authenticate => file.authenticate("nurse", &password("no"), &stamp, &mut desk.seed).unwrap_err();
        add_person => file.add_person(admin, &person("monitor", Role::Monitor), cost, &stamp, &mut desk.seed).unwrap();
        change_password => {
            let new = password("another one entirely");
            file.change_password(nurse, (&word, &new), cost, &stamp, &mut desk.seed).unwrap();
        };
        logs_in_here => file.logs_in_here(nurse.person());
        write_access_card => file.write_access_card(admin, nurse.person(), &stamp, &mut desk.seed).unwrap();
        read_access_card => file.read_access_card(b"no card").unwrap_err();
        take_access_card => file.take_access_card(admin, b"no card", &stamp, &mut desk.seed).unwrap_err();
        interrupter => file.interrupter().interrupt();
        replace_recovery_code => file.replace_recovery_code(admin, &stamp, &mut desk.seed).unwrap();
        disable_person => {
            let monitor = file.people().unwrap().into_iter().find(|row| row.login == "monitor").unwrap();
            file.disable_person(admin, &monitor.person, because("left"), &stamp, &mut desk.seed).unwrap();
        };
        transact => desk.act(&mut file, nurse, vec![entered("S-002/SCR/DM/G/A", "a name")]);
        preview => file.preview(&incoming, admin, &stamp, &mut desk.seed, |_, _| ()).unwrap();
        import => file.import(&incoming, admin, &stamp, &mut desk.seed).unwrap();
        missing => file.missing().unwrap();
        save_copy => file.save_copy(&folder.join("copy.cartwright")).unwrap();
        save_copy => file.save_copy(&folder.join("copy.cartwright")).unwrap_err();
        save_copy => file.save_copy(path).unwrap_err();
        note_copy => file.note_copy(&moment()).unwrap();
        last_copy => file.last_copy().unwrap();
        keep_backups_in => file.keep_backups_in(&folder.join("backups")).unwrap();
        backup_folder => file.backup_folder().unwrap();
        changed_since_backup => file.changed_since_backup().unwrap();
        back_up => file.back_up(&folder.join("backups"), &moment()).unwrap();
        own_backups => file.own_backups(&folder.join("backups")).unwrap();
        // Beside the file itself.
        back_up => file.back_up(&folder, &moment()).unwrap();
        begin_bulk => file.begin_bulk().unwrap();
        settle_bulk => file.settle_bulk().unwrap();
        end_bulk => file.end_bulk().unwrap();
        key_sheet => file.key_sheet(admin).unwrap();
        key_check => file.key_check().unwrap();
        // Of the file that is open: each is refused.
        create => {
            let site = desk.new_site();
            SiteFile::create(path, site, cost, &mut desk.seed, &desk.devices).unwrap_err();
        };
        unlock => SiteFile::unlock(path, "admin", &word, &stamp, &mut desk.seed, &desk.devices).unwrap_err();
        recover => SiteFile::recover(path, "0000", &stamp.moment, &desk.devices).unwrap_err();
        recover_by_key => SiteFile::recover_by_key(path, &words, &stamp.moment, &desk.devices).unwrap_err();
        continue_here => file.continue_here(admin, because("moved"), &stamp, &mut desk.seed).unwrap_err();
        continue_beside => file.continue_beside(admin, because("second"), &stamp, &mut desk.seed).unwrap_err();
        close => front_page(path, &moment()).unwrap_err();
        close => restore(path, &folder.join("restored"), &moment()).unwrap_err();
        close => restore(&folder.join("copy.cartwright"), path, &moment()).unwrap_err();
        close => backups(&folder, file.store_id()).unwrap();
        close => check(&file, &mut |_, _, _| ()).unwrap();
    }
    let asked = {
        let log = file.log().unwrap().clone();
        let filter = EntryFilter {
            newest_first: true,
            limit: 1,
            acts: vec!["value_entered".into()],
            ..EntryFilter::default()
        };
        let seq = file.entries(&filter).unwrap()[0].seq;
        let entries = vec![EntryRef { log: log.clone(), seq }];
        let saved = desk.act(&mut file, nurse, vec![Act::RedactionAsked { entries }]);
        EntryRef {
            log,
            seq: saved.last_seq,
        }
    };
    held! { path, done:
        with_repetitions => file.with_repetitions(std::slice::from_ref(&asked));
        redacted => file.redacted().unwrap();
        redact => file.redact(&asked, admin, because("name"), &stamp, &mut desk.seed).unwrap();
    }
    held! { path, done:
        redaction_of => file.redaction_of(&asked).unwrap();
    }
    let item = "S-001/SCR/DM/DM.MAIN/DM.SEX".parse().unwrap();
    let form = "S-001/SCR/DM".parse().unwrap();
    let log = file.log().unwrap().clone();
    let study = StudyTag {
        oid: "CARTX".into(),
        version: "2.0".into(),
        sha256: "00".repeat(32),
    };
    held! { path, done:
        store_id => file.store_id();
        path => file.path();
        synthetic => file.synthetic();
        access => file.access();
        log => file.log();
        kind => file.kind();
        keep_unfinished => file.keep_unfinished("p", "q", "r").unwrap();
        list_unfinished => file.list_unfinished("q").unwrap();
        drop_unfinished => file.drop_unfinished("p", "q").unwrap();
        add_definition => file.add_definition(&study, &[]).unwrap();
        definition => file.definition("CARTX", "1.0").unwrap();
        age_identity => file.age_identity().unwrap();
        sign_as_site => file.sign_as_site(proof::Namespace::Esig, b"x").unwrap();
        site_signing_key => file.site_signing_key().unwrap();
        site_public_key => file.site_public_key().unwrap();
        entry => file.entry(&asked).unwrap();
        entries => file.entries(&EntryFilter::default()).unwrap();
        entries_of_subject => file.entries_of_subject("S-001").unwrap();
        history => file.history(&item).unwrap();
        last_own => file.last_own().unwrap();
        known_to => file.known_to(&asked).unwrap();
        query_thread => file.query_thread("q-1").unwrap();
        entries_raw => file.entries_raw(&log, 1, 10).unwrap();
        commits => file.commits(&log, 1).unwrap();
        last_moment => file.last_moment().unwrap();
        reading => file.reading();
        answers => file.answers(&["DM.SEX"]).unwrap();
        answers_of => file.answers_of("S-001", &["DM.SEX"]).unwrap();
        form_marks => file.form_marks().unwrap();
        form_marks_of => file.form_marks_of("S-001").unwrap();
        places => file.places("DM.SEX", &crate::desk::text("M").unwrap()).unwrap();
        unsettled_by_subject => file.unsettled_by_subject().unwrap();
        unsettled_of => file.unsettled_of("S-001").unwrap();
        verdict_marks => file.verdict_marks().unwrap();
        verdict_mark_of => file.verdict_mark_of("S-001").unwrap();
        identity_marks => file.identity_marks().unwrap();
        identity_marks_of => file.identity_marks_of("S-001").unwrap();
        position => file.position().unwrap();
        changed_since => file.changed_since(&file.position().unwrap()).unwrap();
        site => file.site().unwrap();
        people => file.people().unwrap();
        office => file.office().unwrap();
        person => file.person(admin.person()).unwrap();
        logs => file.logs().unwrap();
        studies => file.studies().unwrap();
        exports => file.exports().unwrap();
        clock_anomalies => file.clock_anomalies().unwrap();
        conflicts => file.conflicts().unwrap();
        conflicts_at => file.conflicts_at(&item).unwrap();
        crossed_queries => file.crossed_queries().unwrap();
        crossed_completions => file.crossed_completions().unwrap();
        evidence => file.evidence().unwrap();
        known_keys => file.known_keys().unwrap();
        subjects => file.subjects().unwrap();
        subject => file.subject("S-001").unwrap();
        item => file.item(&item).unwrap();
        items_of_form => file.items_of_form(&form).unwrap();
        items_of_subject => file.items_of_subject("S-001").unwrap();
        form => file.form(&form).unwrap();
        forms_of_subject => file.forms_of_subject("S-001").unwrap();
        all_forms => file.all_forms().unwrap();
        findings => file.findings("S-001").unwrap();
        queries => file.queries(QueryFilter::All).unwrap();
        query => file.query("q-1").unwrap();
        verifications_of_subject => file.verifications_of_subject("S-001").unwrap();
        changed_since_verified => file.changed_since_verified().unwrap();
        note_checked => file.note_checked().unwrap();
        identity_checks => file.identity_checks(&form).unwrap();
        confirmations => file.confirmations("ELIG/S-001").unwrap();
        confirmations_of_subject => file.confirmations_of_subject("S-001").unwrap();
        signatures => file.signatures().unwrap();
        signatures_of_subject => file.signatures_of_subject("S-001").unwrap();
        signatures_over => file.signatures_over("S-001/SCR/DM").unwrap();
    }
    // A save that fails closes the file and opens it again; so does a new key.
    file.reopen().unwrap();
    assert!(locked(path), "opened again");
    let (file, _) = file.rekey(admin, because("left"), &stamp, &mut desk.seed).unwrap();
    held! { path, done:
        rekey => &file;
    }
    file.close().unwrap();
    assert!(!locked(path), "the file is closed");
    let (file, _) = desk.unlock("admin").unwrap();
    assert!(locked(path), "opened, and nothing written yet");
    drop(file);
    assert_eq!(operations(), done, "each operation is done here once at least");
}
