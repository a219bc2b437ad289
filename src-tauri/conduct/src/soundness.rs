//! Whether the file is sound: verified between a person's acts from the opening on, in full once a week or when somebody
//! asks, and to its end before anything is attested or leaves. Facts are never held up by it.

use chrono::{DateTime, FixedOffset};
use store::{Access, Checked, Checking, Interrupter, SiteFile, Step, StoreError};
use study::act::Moment;

use crate::{
    desk::Desk,
    journal::check_view,
    machine::days_since_last,
    problem::Problem,
    requests::{BeginCheck, HowSound, StopCheck},
    rights::ATTESTS,
    trouble::{Outcome, no},
    views::{CheckFindingView, CheckView, RunningView, SoundnessView},
};

/// Days after which everything is verified again, though nothing but what came since need be.
const FULL_EVERY_DAYS: u32 = 7;

/// Under way.
struct Run {
    checking: Checking,
    full: bool,
}

/// What is known of the file on the desk.
#[derive(Default)]
pub(crate) struct Soundness {
    run: Option<Run>,
    stopped: bool,
    /// What this device remembers of the last one that found nothing wrong.
    remembered: Option<Checked>,
    /// How the last verification of this sitting ended: in full, and with what.
    result: Option<(bool, CheckView)>,
    /// Why it could not go on.
    failed: Option<Problem>,
}

impl Soundness {
    fn wrong(&self) -> bool {
        self.failed.is_some() || matches!(&self.result, Some((_, result)) if !result.holds)
    }

    /// What comes next by itself, if anything: first what came since, then everything once a week.
    fn next(&mut self, file: &SiteFile, now: DateTime<FixedOffset>) -> Outcome<()> {
        if self.run.is_some() || self.stopped || self.wrong() {
            return Ok(());
        }
        match &self.remembered {
            None => self.begin(file, true),
            Some(_) if self.result.is_none() => self.begin(file, false),
            Some(last) => match days_since_last(last.in_full_at(), now) {
                Some(0..FULL_EVERY_DAYS) => Ok(()),
                Some(FULL_EVERY_DAYS..) | None => self.begin(file, true),
            },
        }
    }

    /// After something wrong was found only everything tells; and what came since needs an earlier one.
    fn begin(&mut self, file: &SiteFile, full: bool) -> Outcome<()> {
        let last = self.remembered.as_ref().filter(|_| !full && !self.wrong());
        let since = last.map(|last| Checking::since(file, last));
        let run = match since {
            Some(Ok(checking)) => Run { checking, full: false },
            Some(Err(StoreError::NotThisFile)) | None => Run {
                checking: Checking::in_full(file)?,
                full: true,
            },
            Some(Err(error)) => return Err(error.into()),
        };
        self.run = Some(run);
        self.stopped = false;
        Ok(())
    }

    /// After something wrong was found only everything tells, in later sittings too: nothing is remembered then.
    fn ended(&mut self, run: Run, at: &Moment) {
        let (report, checked) = run.checking.end(at);
        self.result = Some((run.full, check_view(report)));
        self.failed = None;
        self.remembered = checked;
    }

    /// It cannot be read on: what was found until then, and that.
    fn broke_off(&mut self, run: Run, at: &Moment) {
        let (report, _) = run.checking.end(at);
        let mut view = check_view(report);
        view.holds = false;
        if view.findings.is_empty() {
            view.findings.push(CheckFindingView {
                code: "page_altered".to_owned(),
                at: "file".to_owned(),
                facts: Vec::new(),
            });
        }
        self.result = Some((run.full, view));
        self.failed = None;
        self.remembered = None;
    }
}

impl Desk {
    /// What this device remembers of a file that was opened.
    pub(crate) fn soundness_of(&self, file: &SiteFile) -> Soundness {
        // A file set back or from elsewhere is no continuation of what was verified here: all of it is, anew.
        let own = matches!(file.access(), Access::Writable);
        Soundness {
            remembered: self.devices.last_check(file.store_id()).filter(|_| own),
            ..Soundness::default()
        }
    }

    /// What makes a step that cannot be paused let go of the open file, for whoever waits for the desk.
    #[must_use]
    pub fn interrupter(&self) -> Option<Interrupter> {
        self.sitting().ok().map(|sitting| sitting.file.interrupter())
    }

    /// Goes on verifying the open file until `enough` or the end. For whoever has the desk while nobody needs it; answer:
    /// whether there is more to do.
    pub fn verify_on(&mut self, enough: &mut dyn FnMut() -> bool) -> bool {
        match self.go_on(enough) {
            Ok(more) => more,
            Err(trouble) => {
                let problem = trouble.told(self.machine.as_mut());
                if let Ok(sitting) = self.sitting_mut() {
                    sitting.soundness.run = None;
                    sitting.soundness.failed = Some(problem);
                }
                false
            }
        }
    }

    fn go_on(&mut self, enough: &mut dyn FnMut() -> bool) -> Outcome<bool> {
        let (now, at) = (self.now(), self.moment());
        let Ok(sitting) = self.sitting_mut() else {
            return Ok(false);
        };
        let (file, soundness) = (&sitting.file, &mut sitting.soundness);
        soundness.next(file, now)?;
        let Some(mut run) = soundness.run.take() else {
            return Ok(false);
        };
        match run.checking.go_on(file, enough) {
            Ok(false) => {
                soundness.run = Some(run);
                return Ok(true);
            }
            Ok(true) => soundness.ended(run, &at),
            Err(error) if error.is_damage() => soundness.broke_off(run, &at),
            Err(error) => return Err(error.into()),
        }
        let (store, remembered) = (file.store_id().to_owned(), soundness.remembered.clone());
        self.remember(&store, remembered);
        let sitting = self.sitting_mut()?;
        sitting.soundness.next(&sitting.file, now)?;
        Ok(sitting.soundness.run.is_some())
    }

    /// Forgotten, the next opening verifies everything.
    fn remember(&mut self, store: &str, remembered: Option<Checked>) {
        let noted = self.sitting_mut().ok().map(|sitting| sitting.file.note_checked());
        if let Some(Err(error)) = noted {
            self.machine.note_fault("check", &error.to_string());
        }
        if let Err(error) = self.devices.keep_last_check(store, remembered.as_ref()) {
            self.machine.note_fault("check", &error.to_string());
        }
    }

    /// Before anything is attested or leaves the site: everything was verified once, and what came since is now.
    pub(crate) fn must_hold(&mut self) -> Outcome<()> {
        let at = self.moment();
        let sitting = self.sitting_mut()?;
        sitting.file.settle_bulk()?;
        let (file, soundness) = (&sitting.file, &mut sitting.soundness);
        if soundness.wrong() {
            return no("file_not_sound");
        }
        let Some(last) = &soundness.remembered else {
            return self.verify_once();
        };
        let mut checking = match Checking::since(file, last) {
            // Of another version of Cartwright: as if never verified here.
            Err(StoreError::NotThisFile) => {
                soundness.remembered = None;
                return self.verify_once();
            }
            begun => begun?,
        };
        let done = loop {
            match checking.go_on(file, &mut || false) {
                Ok(false) => {}
                done => break done,
            }
        };
        let run = Run { checking, full: false };
        match done {
            Ok(_) => soundness.ended(run, &at),
            Err(error) if error.is_damage() => soundness.broke_off(run, &at),
            Err(error) => return Err(error.into()),
        }
        if soundness.wrong() {
            // What runs behind the window began from what is not believed any more.
            soundness.run = None;
        }
        let (store, wrong, remembered) = (
            file.store_id().to_owned(),
            soundness.wrong(),
            soundness.remembered.clone(),
        );
        self.remember(&store, remembered);
        if wrong { no("file_not_sound") } else { Ok(()) }
    }

    /// Nothing of this file was verified here before: all of it is now, whatever a person stopped.
    fn verify_once(&mut self) -> Outcome<()> {
        let sitting = self.sitting_mut()?;
        if sitting.soundness.run.is_none() {
            sitting.soundness.begin(&sitting.file, true)?;
        }
        while self.sitting()?.soundness.run.is_some() && self.sitting()?.soundness.remembered.is_none() {
            self.go_on(&mut || false)?;
        }
        if self.sitting()?.soundness.wrong() {
            no("file_not_sound")
        } else {
            Ok(())
        }
    }

    /// Refuses to attest in a file of which it is known that it does not hold.
    pub(crate) fn sound_for(&self, command: &str) -> Outcome<()> {
        if ATTESTS.contains(&command) && self.sitting()?.soundness.wrong() {
            return no("file_not_sound");
        }
        Ok(())
    }

    pub(crate) fn soundness(&mut self, _: HowSound) -> Outcome<SoundnessView> {
        let soundness = &self.sitting()?.soundness;
        let running = soundness.run.as_ref().map(|run| {
            let (step, done, of) = run.checking.progress();
            RunningView {
                full: run.full,
                step: step_word(step).to_owned(),
                done,
                of,
            }
        });
        Ok(SoundnessView {
            running,
            stopped: soundness.stopped,
            full: soundness.remembered.as_ref().map(|last| last.in_full_at().clone()),
            since: soundness.remembered.as_ref().map(|last| last.at().clone()),
            result: soundness.result.as_ref().map(|(_, result)| result.clone()),
            result_full: matches!(soundness.result, Some((true, _))),
            failed: soundness.failed.clone(),
        })
    }

    pub(crate) fn begin_check(&mut self, _: BeginCheck) -> Outcome<SoundnessView> {
        let sitting = self.sitting_mut()?;
        sitting.soundness.begin(&sitting.file, true)?;
        self.soundness(HowSound {})
    }

    pub(crate) fn stop_check(&mut self, _: StopCheck) -> Outcome<SoundnessView> {
        let soundness = &mut self.sitting_mut()?.soundness;
        soundness.stopped = soundness.run.take().is_some() || soundness.stopped;
        self.soundness(HowSound {})
    }
}

fn step_word(step: Step) -> &'static str {
    match step {
        Step::Pages => "pages",
        Step::Journal => "journal",
        Step::Projections => "projections",
    }
}
