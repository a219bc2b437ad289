//! The file, the people, the day.

use serde::{Deserialize, Serialize};
use study::{
    act::{FileKind, Moment, Role},
    path::{FormPath, ItemPath, SubjectCode},
};
use ts_rs::TS;

use super::{AttemptsView, QueryView, RedactionRequestView, TrainingView, views};
use crate::problem::Problem;

views! {
    /// What is open, and who is here.
    StatusView {
        /// Version of Cartwright.
        app: String,
        /// The file on the desk, locked or not.
        file: Option<FileView>,
        /// Who is logged in.
        session: Option<SessionView>,
    }
    /// A file on the desk.
    FileView {
        /// File name without folder.
        name: String,
        /// Made-up subjects; shown on every screen.
        synthetic: bool,
        /// Password of a synthetic file, for practice; absent for real files.
        practice_password: Option<String>,
        /// Who can log in.
        people: Vec<LoginView>,
        /// Site, study: known once unlocked.
        site: Option<SiteView>,
        /// Why nothing can be written (`read_only_media`, `device_unknown`, `older_than_seen`), if so.
        read_only: Option<String>,
        /// A clock anomaly waits for acknowledgement; blocks signing, never entry.
        clock_anomaly: Option<String>,
    }
    /// One who can log in.
    LoginView {
        /// Log-in name.
        login: String,
        /// Printed name.
        printed_name: String,
        /// Seconds until the next try is taken; 0 when none.
        wait_seconds: u32,
    }
    /// The site.
    SiteView {
        /// Code.
        site: String,
        /// Name.
        name: String,
        /// A site's own file, a monitor's, a sponsor's.
        kind: FileKind,
        /// Study OID.
        study: String,
        /// The newest version in force.
        version: String,
        /// Every version in force, the oldest first.
        versions: Vec<String>,
        /// Site key as 12 words.
        words: String,
        /// `SHA256:…`
        fingerprint: String,
        /// Recovery code typed back?
        recovery_confirmed: bool,
    }
    /// Who is logged in.
    SessionView {
        /// Permanent identifier.
        person: String,
        /// Log-in name.
        login: String,
        /// Printed name.
        printed_name: String,
        /// Role.
        role: Role,
        /// Acts this role may do (names of the rights table), for showing and hiding controls.
        rights: Vec<String>,
        /// The declaration (§11.100) has to be accepted first.
        declaration_due: bool,
        /// The next signature also asks for the log-in name.
        sign_asks_login: bool,
        /// Minutes without a hand on it until it locks.
        idle_minutes: u32,
        /// Since when.
        since: Moment,
        /// Wrong passwords and refused commands that an administrator has to look at; none for others, and where there are none.
        attempts: Option<AttemptsView>,
    }
    /// It is open still.
    AliveView {
        /// Minutes without a hand on it until it locks, as things are now.
        idle_minutes: u32,
    }
    /// A new file.
    CreatedView {
        /// Shown once, typed back.
        recovery_code: String,
        /// Now open, administrator logged in.
        status: StatusView,
    }
    /// The file has a new key.
    KeyReplacedView {
        /// Name of the file under the old key, beside it.
        kept: String,
        /// Open still.
        status: StatusView,
    }
    /// The key sheet.
    KeySheetView {
        /// It may be printed.
        on: bool,
        /// When that was decided, and by whom; none: never.
        decided: Option<DecidedView>,
        /// The last one printed.
        printed: Option<DecidedView>,
        /// The last one printed holds the key in force.
        printed_holds: bool,
    }
    /// Somebody decided something at a time.
    DecidedView {
        /// When.
        when: Moment,
        /// Printed name.
        by: String,
        /// Printed name of the second person, if there was one.
        second: Option<String>,
    }
    /// Words typed and not sent.
    DraftsView {
        /// Where they belong, and the words.
        drafts: Vec<(String, String)>,
    }
    /// A copy was made.
    BackedUpView {
        /// File name without folder.
        file: String,
        /// When.
        at: Moment,
    }
    /// Backups of the file on this computer.
    #[derive(Default)]
    BackupsView {
        /// The last two names of the folder; none: nobody chose one, and no backup is made.
        folder: Option<String>,
        /// The folder is there now.
        reachable: bool,
        /// The folder lies on the same disk as the file.
        same_disk: bool,
        /// Whole days since the newest; none: there is none.
        age_days: Option<u32>,
        /// There is none, or it is a week old.
        old: bool,
        /// Newest first.
        backups: Vec<BackupView>,
        /// Why the last one could not be made at locking.
        failed: Option<Problem>,
    }
    /// One backup.
    BackupView {
        /// File name in the folder.
        file: String,
        /// When.
        at: Moment,
        /// Size, bytes.
        bytes: u64,
    }
    /// Everybody.
    PeopleView {
        /// In order of being added.
        people: Vec<PersonView>,
        /// Devices that wrote in the file, in order of their logs.
        devices: Vec<DeviceView>,
        /// Roles that work in a file of this kind, for adding somebody.
        roles: Vec<Role>,
        /// When an administrator last went over everybody who may log in; none: never.
        confirmed: Option<DecidedView>,
        /// It is a year since.
        confirm_due: bool,
    }
    /// A card was taken in.
    CardTakenView {
        /// Permanent identifier.
        person: String,
        /// Log-in name.
        login: String,
        /// Printed name.
        printed_name: String,
        /// Everybody, as they are now.
        people: PeopleView,
    }
    /// A device and its log.
    DeviceView {
        /// Its log.
        log: String,
        /// Name given to it.
        device: String,
        /// Key as 12 words.
        words: String,
        /// `SHA256:…`
        fingerprint: String,
        /// It is this one.
        here: bool,
        /// Code of another site or reviewer, when its log came with a bundle; none: of this file.
        site: Option<String>,
        /// Began when.
        since: Option<Moment>,
        /// Its last entry was made when; none: nothing but its beginning is known.
        last: Option<Moment>,
        /// Number of its last entry.
        entries: u64,
        /// Another goes on in its place: nothing more is written in it.
        closed: bool,
        /// The device whose log it goes on from; none: the first.
        after: Option<String>,
        /// It goes on beside that one, which goes on too.
        beside: bool,
    }
    /// One person.
    PersonView {
        /// Permanent identifier.
        person: String,
        /// Log-in name.
        login: String,
        /// Printed name.
        printed_name: String,
        /// Role.
        role: Role,
        /// May log in.
        active: bool,
        /// Has a way in on this laptop: added here, in the copy that it began with, or by a card.
        here: bool,
        /// Code of another site or reviewer, whose bundle made the person known; none: of this file.
        site: Option<String>,
        /// Until when; none: without end.
        until: Option<Moment>,
        /// Key as 12 words.
        words: String,
        /// `SHA256:…`
        fingerprint: String,
        /// Added when.
        added: Moment,
        /// Added by (printed name).
        added_by: String,
        /// Trainings recorded, oldest first.
        trainings: Vec<TrainingView>,
        /// May log in, and no training for the role is recorded: what they do is kept, what they attest waits.
        training_due: bool,
    }
    /// Who could do what, over the whole life of the file.
    AccessView {
        /// Every time that somebody could log in, in the order of the entries.
        rows: Vec<AccessRowView>,
        /// Every delegation.
        delegations: Vec<DelegationView>,
        /// What each role may do: the one table.
        roles: Vec<RoleRightsView>,
        /// Codes of the duties; words are `duty_<code>`.
        duties: Vec<String>,
    }
    /// A time during which somebody could log in.
    AccessRowView {
        /// Permanent identifier.
        person: String,
        /// Log-in name.
        login: String,
        /// Printed name.
        printed_name: String,
        /// Role.
        role: Role,
        /// From.
        from: Moment,
        /// To, past or to come; none: without end.
        to: Option<Moment>,
        /// Printed name of who granted it.
        granted_by: String,
        /// `disabled`, `expired`; none: it goes on.
        ended: Option<String>,
        /// Printed name of who ended it.
        ended_by: Option<String>,
        /// Why it was ended or granted, in words or as a code.
        reason: Option<String>,
        /// Trainings for the role, oldest first.
        trainings: Vec<TrainingView>,
    }
    /// Duties that somebody was given.
    DelegationView {
        /// Identifier.
        delegation: String,
        /// To whom.
        person: String,
        /// Printed name.
        printed_name: String,
        /// Role.
        role: Role,
        /// Codes of the duties.
        duties: Vec<String>,
        /// First day.
        from: String,
        /// Last day; none: until ended.
        until: Option<String>,
        /// When it was written down.
        delegated: Moment,
        /// Printed name.
        delegated_by: String,
        /// Taken back when.
        ended: Option<Moment>,
        /// Printed name.
        ended_by: Option<String>,
        /// Why.
        reason: Option<String>,
    }
    /// What a role may do.
    RoleRightsView {
        /// Role.
        role: Role,
        /// Commands.
        rights: Vec<String>,
    }
    /// What is due.
    TodayView {
        /// Civil date of today.
        date: String,
        /// Everybody in the trial at this site.
        subjects: u32,
        /// Visits overdue, in their window, or coming; the most pressing first.
        visits: Vec<DueVisitView>,
        /// CRS and ICANS that nobody has looked at today.
        assessments: Vec<AssessmentDueView>,
        /// Forms begun and not complete: the last touched.
        unfinished: Vec<FormRefView>,
        /// All of them.
        unfinished_all: u32,
        /// Typed and not saved.
        typed: Vec<ItemPath>,
        /// Queries for me: the oldest.
        queries: Vec<QueryView>,
        /// All of them.
        queries_all: u32,
        /// Redactions that somebody asked for and the person here may answer.
        redactions: Vec<RedactionRequestView>,
        /// Completed forms that wait for the investigator's signature.
        to_sign: u32,
        /// Items that wait for verification.
        to_verify: u32,
        /// Days since the last bundle left; none if never.
        days_since_export: Option<u32>,
        /// Days since the last backup; none if never.
        days_since_backup: Option<u32>,
        /// A bundle should leave: somebody may export, there is something, and it is a week.
        export_due: bool,
        /// A backup should be made: none since yesterday.
        backup_due: bool,
        /// An administrator should go over everybody who may log in: it is a year.
        people_due: bool,
        /// How many who may log in have no training recorded.
        untrained: u32,
    }
    /// A visit due.
    DueVisitView {
        /// Who.
        subject: SubjectCode,
        /// Visit OID.
        visit: String,
        /// `in_window`, `overdue`, `coming`.
        state: String,
        /// Target date.
        target: String,
        /// First and last date.
        window: (String, String),
        /// Days left in the window (negative: overdue).
        days_left: i32,
    }
    /// An assessment due.
    AssessmentDueView {
        /// Who.
        subject: SubjectCode,
        /// `crs`, `icans`.
        what: String,
        /// Days since infusion.
        day: i32,
        /// When it was looked at last, if ever.
        last: Option<String>,
        /// Where the next one is entered.
        form: FormPath,
    }
    /// A form somewhere.
    FormRefView {
        /// Where.
        form: FormPath,
        /// Items answered.
        answered: u32,
        /// Items asked.
        asked: u32,
    }
}
