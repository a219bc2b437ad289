//! The compliance matrix: for each requirement the tests that fail when the feature is gone, and what is left to the
//! organisation. `docs/compliance.md` is made from this table.

use std::{fs, path::Path};

/// Identifier, requirement, tests, what is left to the organisation or is not covered.
type Row = (&'static str, &'static str, &'static [&'static str], &'static str);

const ROWS: &[Row] = &[
    (
        "P-01",
        "Altered or invalid records are discerned (21 CFR 11.10(a))",
        &[
            "every_tampering_with_the_key_in_hand_is_told",
            "a_flipped_bit_on_every_page_is_found",
            "an_old_page_in_a_newer_file_is_found_although_it_authenticates",
        ],
        "Validation of the installation at the site.",
    ),
    (
        "P-02",
        "Accurate and complete copies (11.10(b))",
        &[
            "an_import_gets_what_was_exported_and_nothing_from_a_bad_bundle",
            "the_printed_recipe_works",
        ],
        "",
    ),
    (
        "P-03",
        "Records protected through retention (11.10(c))",
        &[
            "a_backup_is_restored_under_another_name_and_continued_there",
            "seven_days_four_weeks_and_twelve_months_are_kept",
        ],
        "Where backups are kept, and for how many years.",
    ),
    (
        "P-04",
        "Access limited to authorised people (11.10(d))",
        &[
            "every_role_is_kept_out_exactly_where_the_table_says",
            "a_log_in_name_is_somebodys_for_ever",
            "the_report_says_who_could_do_what_over_the_whole_life_of_the_file",
            "an_auditor_reads_for_so_many_days_and_then_no_more",
        ],
        "Who is given access.",
    ),
    (
        "P-05",
        "Secure, time-stamped audit trail (11.10(e))",
        &[
            "the_journal_cannot_be_changed_through_an_open_file",
            "writers_killed_at_any_moment_lose_nothing_that_was_said_to_be_saved",
        ],
        "",
    ),
    (
        "P-06",
        "Audit trail at the level of the value, not editable by administrators",
        &[
            "every_version_of_a_value_is_told_with_who_when_and_why",
            "a_completed_form_asks_for_a_reason",
            "a_colleague_with_the_files_key_cannot_act_or_sign_as_another",
            "every_tampering_with_the_key_in_hand_is_told",
        ],
        "",
    ),
    (
        "P-07",
        "Review of the audit trail (E6(R3) 4.2.3)",
        &[
            "every_seeded_signal_is_found_with_the_entries_it_rests_on",
            "an_ordinary_day_is_not_conspicuous",
            "a_critical_item_changed_after_verification_is_told_until_it_was_taken_back",
            "a_review_is_signed_off_and_the_next_begins_after_it",
            "the_journal_is_filtered_by_person_subject_item_act_and_day",
        ],
        "How often the trail is reviewed, and what follows from a signal. The thresholds are those of the program.",
    ),
    (
        "P-08",
        "Redaction keeps the chain",
        &[
            "what_two_persons_redacted_is_on_no_page_and_everything_else_holds",
            "one_person_alone_redacts_nothing_and_some_acts_never_go",
            "a_redacted_entry_keeps_the_chain",
            "after_a_redaction_by_two_the_bundle_holds_with_common_tools",
        ],
        "Copies and bundles that left before the redaction.",
    ),
    (
        "P-09",
        "Unambiguous time",
        &[
            "a_clock_that_went_back_blocks_signing_until_somebody_looked_and_never_entry",
            "a_clock_moved_under_somebody_is_an_anomaly_before_anything_is_saved_under_it",
            "the_order_of_entries_is_not_the_clocks",
        ],
        "The computer's clock is set by the organisation.",
    ),
    (
        "P-10",
        "Operational sequence (11.10(f))",
        &[
            "an_empty_or_half_empty_form_is_not_complete",
            "a_query_goes_from_state_to_state_and_not_otherwise",
        ],
        "",
    ),
    (
        "P-11",
        "Authority checks in the core (11.10(g))",
        &[
            "every_role_is_kept_out_exactly_where_the_table_says",
            "nobody_may_only_look_at_files",
        ],
        "",
    ),
    (
        "P-12",
        "Device checks (11.10(h))",
        &[
            "another_device_only_reads_until_an_administrator_continues_there",
            "an_intact_bundle_by_a_key_that_does_not_count_is_told_apart",
        ],
        "",
    ),
    (
        "P-13",
        "Training and accountability (11.10(i), (j))",
        &[
            "without_training_facts_are_kept_and_attestations_wait",
            "a_training_is_recorded_by_somebody_else_and_stands_in_the_report",
            "the_declaration_is_accepted_word_by_word",
        ],
        "The training itself and its certificates. In a practice file nothing waits for it.",
    ),
    (
        "P-14",
        "Control of documentation (11.10(k))",
        &[
            "a_subject_moves_and_what_was_entered_before_reads_as_before",
            "who_is_not_moved_stays_as_it_was_byte_for_byte",
            "a_verdict_confirmed_before_stays_and_says_under_which_version",
            "the_page_of_rights_is_what_the_table_says",
        ],
        "Which version of the guide is in force at the site; the guide is delivered with the program, not shown in it.",
    ),
    (
        "P-15",
        "Open systems (11.30)",
        &[
            "every_recipient_opens_it_and_nobody_else",
            "every_byte_of_a_sealed_file_counts",
        ],
        "",
    ),
    (
        "P-16",
        "Signature shows name, time, meaning (11.50)",
        &[
            "the_english_page_says_everything",
            "the_statement_may_be_read_in_either_language",
        ],
        "",
    ),
    (
        "P-17",
        "Signature linked to its record (11.70)",
        &[
            "what_is_signed_and_changed_says_so_for_ever",
            "every_tampering_with_the_key_in_hand_is_told",
        ],
        "",
    ),
    (
        "P-18",
        "Signatures unique, identity verified (11.100)",
        &[
            "a_log_in_name_is_somebodys_for_ever",
            "a_site_that_only_its_own_people_work_at",
        ],
        "The letter to the FDA; looking at the person's papers.",
    ),
    (
        "P-19",
        "Two components (11.200(a)(1))",
        &["a_signature_is_ones_own"],
        "",
    ),
    (
        "P-20",
        "Only the genuine owner signs (11.200(a)(2), (3))",
        &[
            "a_colleague_with_the_files_key_cannot_act_or_sign_as_another",
            "a_header_with_a_slot_put_in_by_hand_is_told",
            "a_session_holds_in_its_own_file_only",
            "an_administrator_cannot_become_somebody_by_a_reset",
        ],
        "",
    ),
    (
        "P-21",
        "Unique combination of name and password (11.300(a))",
        &["a_log_in_name_is_somebodys_for_ever"],
        "",
    ),
    (
        "P-22",
        "Passwords and people checked periodically (11.300(b))",
        &[
            "once_a_year_an_administrator_goes_over_everybody",
            "a_real_file_wants_real_passwords",
            "a_new_password_replaces_the_old_and_keeps_the_keys",
        ],
        "Cartwright forces no change of passwords by date.",
    ),
    (
        "P-23",
        "Loss management (11.300(c))",
        &[
            "the_recovery_code_appoints_a_new_administrator",
            "the_words_open_the_file_until_its_key_is_replaced",
            "everybody_opens_the_file_under_its_new_key_with_their_own_password",
        ],
        "Where the recovery code and the key sheet are kept.",
    ),
    (
        "P-24",
        "Unauthorised attempts detected (11.300(d))",
        &[
            "wrong_passwords_are_told_to_the_administrator_until_looked_at",
            "a_wrong_password_at_a_signature_and_refused_commands_are_told_too",
            "every_role_is_kept_out_exactly_where_the_table_says",
            "wrong_passwords_wait_across_restarts",
            "names_of_nobody_wrong_recovery_codes_and_key_sheets_leave_their_trace",
        ],
        "What follows from an attempt.",
    ),
    (
        "P-25",
        "Testing of tokens (11.300(e))",
        &[],
        "Not applicable: there are no tokens.",
    ),
    (
        "P-26",
        "Logout when idle",
        &[
            "after_the_minutes_the_next_command_finds_it_locked_and_the_journal_says_why",
            "sleep_lock_and_switch_are_understood_and_other_sessions_are_not_ours",
            "after_locking_no_key_and_no_password_is_left_in_memory",
        ],
        "Disk encryption and care of the computer.",
    ),
    (
        "P-27",
        "Sign-off by the investigator",
        &[
            "what_is_signed_and_changed_says_so_for_ever",
            "every_seeded_signal_is_found_with_the_entries_it_rests_on",
        ],
        "When to sign.",
    ),
    (
        "P-28",
        "The investigator controls the data",
        &[
            "the_sites_archive_opens_with_the_sites_own_key_and_nobody_elses",
            "the_printed_recipe_works",
            "a_backup_is_restored_under_another_name_and_continued_there",
        ],
        "Keeping the archive.",
    ),
    (
        "P-29",
        "Transfers validated",
        &[
            "what_is_reported_before_is_what_comes_of_it",
            "the_sender_hears_that_a_bundle_came_and_whether_its_bytes_did",
        ],
        "Asking the receiver for a bundle of its own, which is the receipt.",
    ),
    (
        "P-30",
        "Release after approval",
        &[
            "an_administrator_brings_it_into_force_having_seen_what_it_changes",
            "another_schema_is_not_written_to",
        ],
        "Procedural: the approval of a study version. The journal says who brought it into force and when. Not covered: the definition carries no dates of approval and no message signed by the sponsor is asked for.",
    ),
    (
        "P-31",
        "Contingency",
        &[
            "every_question_is_asked_in_either_language",
            "locking_backs_up_what_was_saved_once_an_hour_and_closing_always",
            "a_backup_that_cannot_be_made_never_keeps_the_lock_open_and_is_told",
            "a_backup_is_restored_under_another_name_and_continued_there",
        ],
        "Printed forms at hand, practised restoring.",
    ),
    (
        "P-32",
        "FDA questions and answers of 2024",
        &[
            "every_version_of_a_value_is_told_with_who_when_and_why",
            "a_completed_form_asks_for_a_reason",
        ],
        "The rest as P-05 to P-20.",
    ),
    (
        "P-33",
        "Monitor changes no data",
        &[
            "every_role_is_kept_out_exactly_where_the_table_says",
            "only_what_was_compared_is_verified",
        ],
        "",
    ),
];

fn top() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn gather(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

fn markdown() -> String {
    let mut page = String::from(
        "# Compliance matrix\n\nGenerated from `src-tauri/conduct/tests/all/compliance.rs` (`CARTWRIGHT_REGENERATE=1 cargo test -p conduct \
         --test all compliance`). Each test named would fail if the feature were removed; what no test shows is said so.\n\n\
         | | Requirement | Shown by | Left to the organisation, or not covered |\n|---|---|---|---|\n",
    );
    for (id, requirement, tests, left) in ROWS {
        let tests: Vec<String> = tests.iter().map(|test| format!("`{test}`")).collect();
        let tests = if tests.is_empty() {
            "–".to_owned()
        } else {
            tests.join("<br>")
        };
        page.push_str(&format!(
            "| {id} | {requirement} | {tests} | {} |\n",
            if left.is_empty() { "–" } else { left }
        ));
    }
    page
}

#[test]
fn every_requirement_names_tests_that_exist_or_says_what_is_left() {
    let mut sources = String::new();
    gather(&top().join("src-tauri"), &mut sources);
    for (n, (id, _, tests, left)) in ROWS.iter().enumerate() {
        assert_eq!(*id, format!("P-{:02}", n + 1));
        assert!(!tests.is_empty() || !left.is_empty(), "{id} says nothing");
        for test in *tests {
            assert!(
                sources.contains(&format!("#[test]\n    fn {test}("))
                    || sources.contains(&format!("#[test]\nfn {test}("))
                    || sources.contains(&format!("#[test]\n        fn {test}(")),
                "{id}: no test {test}"
            );
        }
    }
    assert_eq!(ROWS.len(), 33);
    let path = top().join("docs/compliance.md");
    if std::env::var_os("CARTWRIGHT_REGENERATE").is_some_and(|value| value == "1") {
        fs::write(&path, markdown()).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == markdown(),
        "docs/compliance.md fell behind"
    );
}

#[test]
fn an_administrator_cannot_become_somebody_by_a_reset() {
    use crate::room::{PASSWORD, Room, code};
    use conduct::{
        Role, acts,
        requests::{DisablePerson, People, Recover, ReplaceRecoveryCode},
    };
    let mut room = Room::furnished();
    room.sit("admin");
    let made = acts::replace_recovery_code(
        &mut room.desk,
        ReplaceRecoveryCode {
            password: PASSWORD.into(),
        },
    )
    .unwrap();
    let people = acts::people(&mut room.desk, People {}).unwrap().people;
    let doctor = people.iter().find(|person| person.login == "doctor").unwrap().clone();
    // Disabled and added again: the name is not free, and under another the key is another.
    let reason = conduct::Reason {
        code: "other".into(),
        text: Some("Forgot the password.".into()),
    };
    acts::disable_person(
        &mut room.desk,
        DisablePerson {
            person: doctor.person.clone(),
            reason,
        },
    )
    .unwrap();
    assert_eq!(
        code(room.add("doctor", "Chen Wei, MD", Role::Investigator)),
        "login_taken"
    );
    room.add("doctor2", "Chen Wei, MD", Role::Investigator).unwrap();
    let people = acts::people(&mut room.desk, People {}).unwrap().people;
    let again = people.iter().find(|person| person.login == "doctor2").unwrap();
    assert!(again.person != doctor.person && again.fingerprint != doctor.fingerprint);
    room.lock();
    let recover = |room: &mut Room, login: &str| {
        acts::recover(
            &mut room.desk,
            Recover {
                code: made.recovery_code.clone(),
                login: login.into(),
                printed_name: "Chen Wei, MD".into(),
                identity_verified: "passport".into(),
                password: PASSWORD.into(),
            },
        )
    };
    assert_eq!(code(recover(&mut room, "doctor")), "login_taken");
    let status = recover(&mut room, "admin2").unwrap();
    assert!(!status.session.unwrap().rights.iter().any(|right| right == "sign"));
    room.sound();
}
