//! The one list of commands. Handlers of the shell, permissions, the TypeScript type and the command line's plumbing
//! are made from it; a missing adapter does not compile.

/// Calls `$with!` with every command: name, request, answer.
#[macro_export]
macro_rules! commands {
    ($with:ident) => {
        $with! {
            status(Status) -> StatusView;
            create_site(CreateSite) -> CreatedView;
            confirm_recovery_code(ConfirmRecoveryCode) -> StatusView;
            open_file(OpenFile) -> StatusView;
            close_file(CloseFile) -> StatusView;
            unlock(Unlock) -> StatusView;
            recover(Recover) -> StatusView;
            continue_here(ContinueHere) -> StatusView;
            lock(Lock) -> StatusView;
            still_here(StillHere) -> AliveView;
            people(People) -> PeopleView;
            add_person(AddPerson) -> PeopleView;
            grant_access(GrantAccess) -> PeopleView;
            access(Access) -> AccessView;
            delegate(Delegate) -> AccessView;
            end_delegation(EndDelegation) -> AccessView;
            write_access(WriteAccess) -> WrittenView;
            disable_person(DisablePerson) -> PeopleView;
            change_password(ChangePassword) -> StatusView;
            replace_recovery_code(ReplaceRecoveryCode) -> CreatedView;
            replace_key(ReplaceKey) -> KeyReplacedView;
            key_sheet(KeySheet) -> KeySheetView;
            switch_key_sheet(SwitchKeySheet) -> KeySheetView;
            print_key_sheet(PrintKeySheet) -> WrittenView;
            backups(Backups) -> BackupsView;
            back_up(BackUp) -> BackupsView;
            save_copy(SaveCopy) -> BackedUpView;
            restore(Restore) -> StatusView;
            accept_declaration(AcceptDeclaration) -> StatusView;
            acknowledge_clock(AcknowledgeClock) -> StatusView;
            study_in_force(StudyInForce) -> StudyDef;
            versions(Versions) -> VersionsView;
            plan_version(PlanVersion) -> OfferedView;
            install_version(InstallVersion) -> VersionsView;
            today(Today) -> TodayView;
            subjects(Subjects) -> SubjectsView;
            search(Search) -> SearchView;
            add_subject(AddSubject) -> SubjectView;
            subject(SubjectOf) -> SubjectView;
            registers(Registers) -> RegistersView;
            record_uses(RecordOf) -> UsesView;
            plan_move(PlanMove) -> MoveView;
            move_subject(MoveSubject) -> SubjectView;
            form(FormOf) -> FormView;
            enter_value(EnterValue) -> FormView;
            explain_finding(ExplainFinding) -> FormView;
            keep_unfinished(KeepUnfinished) -> KeptView;
            keep_draft(KeepDraft) -> DraftsView;
            drafts(Drafts) -> DraftsView;
            remove_row(RemoveRow) -> FormView;
            complete_form(CompleteForm) -> FormView;
            reopen_form(ReopenForm) -> FormView;
            history(HistoryOf) -> HistoryView;
            queries(Queries) -> QueriesView;
            raise_query(RaiseQuery) -> QueryView;
            answer_query(AnswerQuery) -> QueryView;
            close_query(CloseQuery) -> QueryView;
            reopen_query(ReopenQuery) -> QueryView;
            review(Review) -> ReviewView;
            verify(Verify) -> ReviewItemView;
            withdraw_verification(WithdrawVerification) -> ReviewItemView;
            eligibility(EligibilityOf) -> EligibilityView;
            confirm_eligibility(ConfirmEligibility) -> EligibilityView;
            check_identity(CheckIdentity) -> FormView;
            confirm_derived(ConfirmDerived) -> FormView;
            to_sign(ToSign) -> ToSignView;
            sign(Sign) -> SignedView;
            exchange(Exchange) -> ExchangeView;
            export_bundle(ExportBundle) -> ExportedView;
            verify_bundle(VerifyBundle) -> VerifiedView;
            audit(Audit) -> AuditView;
            soundness(HowSound) -> SoundnessView;
            begin_check(BeginCheck) -> SoundnessView;
            stop_check(StopCheck) -> SoundnessView;
            signals(Signals) -> SignalsView;
            review_journal(ReviewJournal) -> SignalsView;
            acknowledge_attempts(AcknowledgeAttempts) -> StatusView;
            record_training(RecordTraining) -> PeopleView;
            confirm_people(ConfirmPeople) -> PeopleView;
            eligibility_statement(EligibilityStatement) -> WrittenView;
            create_reviewer(CreateReviewer) -> CreatedView;
            continue_beside(ContinueBeside) -> StatusView;
            preview_bundle(PreviewBundle) -> PreviewView;
            import_bundle(ImportBundle) -> ImportedView;
            redactions(Redactions) -> RedactionsView;
            plan_redaction(PlanRedaction) -> RedactionPlanView;
            ask_redaction(AskRedaction) -> RedactionView;
            redact(Redact) -> RedactionView;
            decline_redaction(DeclineRedaction) -> RedactionView;
            check_against(CheckAgainst) -> CheckView;
            write_access_card(WriteAccessCard) -> WrittenView;
            take_access_card(TakeAccessCard) -> CardTakenView;
        }
    };
}

/// Names of all commands.
pub const NAMES: &[&str] = {
    macro_rules! names {
        ($($name:ident($request:ident) -> $answer:ident;)*) => { &[$(stringify!($name)),*] };
    }
    commands!(names)
};

/// The TypeScript type of all commands.
#[must_use]
pub fn typescript() -> String {
    let mut imports = std::collections::BTreeSet::new();
    let mut lines = String::new();
    macro_rules! list {
        ($($name:ident($request:ident) -> $answer:ident;)*) => {$(
            imports.insert(stringify!($request));
            imports.insert(stringify!($answer));
            lines.push_str(&format!(
                "  {}: {{ request: {}; answer: {} }};\n",
                stringify!($name), stringify!($request), stringify!($answer)
            ));
        )*};
    }
    commands!(list);
    let imports: String = imports
        .iter()
        .map(|t| format!("import type {{ {t} }} from './{t}';\n"))
        .collect();
    format!(
        "// Generated from the list of commands. Do not edit.\n{imports}\nexport interface Commands {{\n{lines}}}\n"
    )
}

/// One permission per command, for the shell's `permissions/app.toml`.
#[must_use]
pub fn permissions() -> String {
    let mut out = String::from("# Generated from the list of commands. Do not edit.\n");
    for name in NAMES {
        out.push_str(&format!(
            "\n[[permission]]\nidentifier = \"allow-{}\"\ndescription = \"{name}\"\ncommands.allow = [\"{name}\"]\n",
            name.replace('_', "-"),
        ));
    }
    out
}

/// The capability of the one window: every command of the list and the shell's own, nothing of Tauri's.
#[must_use]
pub fn capability() -> String {
    let own = ["choose", "at-start", "painted", "left", "came-back"]
        .into_iter()
        .map(str::to_owned);
    let listed = NAMES.iter().map(|name| name.replace('_', "-"));
    let permissions: Vec<String> = own.chain(listed).map(|name| format!("    \"allow-{name}\"")).collect();
    format!(
        "{{\n  \"identifier\": \"main\",\n  \"description\": \"What the page may ask. Generated from the list of commands.\",\n  \"windows\": [\"main\"],\n  \"permissions\": [\n{}\n  ]\n}}\n",
        permissions.join(",\n")
    )
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    /// Writes what is generated, where it differs; the drift check of the test run compares it with what is committed.
    #[test]
    fn export_bindings_commands() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let bindings = std::env::var_os("TS_RS_EXPORT_DIR").map_or_else(|| root.join("ui/src/bindings"), PathBuf::from);
        keep(&bindings.join("Commands.ts"), &super::typescript());
        keep(&root.join("src-tauri/permissions/app.toml"), &super::permissions());
        keep(&root.join("src-tauri/capabilities/main.json"), &super::capability());
    }

    fn keep(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if fs::read_to_string(path).ok().as_deref() != Some(text) {
            fs::write(path, text).unwrap();
        }
    }
}
