//! The desk locks by itself: when nobody's hand was on it for the minutes of the rule, the next command finds it locked.
//!
//! The page watches the same minutes and locks first, keeping what is typed. This is for a page that hangs, a laptop that
//! slept, a timer that never came: whatever the page does, nothing is read or written after the time.

use chrono::{DateTime, Duration, FixedOffset};
use study::path::FormPath;

use crate::{
    desk::{Desk, Place},
    requests::{Lock, StillHere},
    trouble::Outcome,
    views::AliveView,
};

/// Minutes without a hand on it until the file locks.
const MINUTES: u32 = 10;
/// The same while an infusion is open: hands are at the bedside.
const MINUTES_AT_INFUSION: u32 = 20;
/// What the page is ahead: it tells of a hand at most once a minute, and needs a moment to keep what is typed.
const GRACE_SECONDS: i64 = 90;

/// What the page asks by itself.
const LOOKS: [&str; 2] = ["status", "soundness"];

/// Since when nobody did anything.
pub(crate) struct Idle {
    last: DateTime<FixedOffset>,
}

impl Desk {
    /// From now on the desk locks when nobody does anything. For a window; a command line has no hands to wait for.
    pub fn lock_when_idle(&mut self) {
        self.idle = Some(Idle { last: self.now() });
    }

    /// Before every command: locks if the time has passed, else counts the command as a hand.
    pub(crate) fn look_whether_idle(&mut self, command: &str) {
        let now = self.now();
        let limit = Duration::seconds(i64::from(self.idle_minutes()) * 60 + GRACE_SECONDS);
        let Some(idle) = &mut self.idle else { return };
        // A clock that went back: the minutes begin again, and do not wait until it is as late as it was.
        idle.last = idle.last.min(now);
        let passed = now - idle.last > limit;
        if !matches!(self.place, Place::Open(_)) || !passed {
            // The page looking by itself is no hand.
            if !LOOKS.contains(&command) {
                idle.last = now;
            }
            return;
        }
        idle.last = now;
        if let Err(trouble) = self.lock(Lock { how: "idle".to_owned() }) {
            trouble.told(self.machine.as_mut());
        }
    }

    /// Minutes without a hand until it locks, as things are now.
    pub(crate) fn idle_minutes(&self) -> u32 {
        match &self.place {
            Place::Open(sitting) if sitting.at_infusion => MINUTES_AT_INFUSION,
            Place::Open(_) | Place::Front(_) | Place::Empty => MINUTES,
        }
    }

    /// A form was opened: while it is an infusion that is not complete, hands are elsewhere for longer.
    pub(crate) fn opened(&mut self, form: &FormPath, complete: bool) -> Outcome<()> {
        let infusion = self
            .study_of(&form.subject)?
            .form(&form.form)
            .is_some_and(|def| crate::form_page::has_panel(def, "identity_check"));
        self.sitting_mut()?.at_infusion = infusion && !complete;
        Ok(())
    }

    /// Whoever is at the file, if anybody: for the window, which makes the page anew when they leave.
    #[must_use]
    pub fn seated(&self) -> Option<String> {
        self.sitting().ok().map(|sitting| sitting.session.person().clone())
    }

    /// Locks if the time has passed, though no command comes: the page may hang.
    pub fn look(&mut self) {
        self.look_whether_idle("status");
        if let Err(trouble) = self.look_whether_ended("status") {
            trouble.told(self.machine.as_mut());
        }
    }

    /// Locks because the computer goes to sleep (`suspend`) or another user takes it (`switched`).
    pub fn leave_now(&mut self, how: &str) {
        if let Place::Open(_) = &self.place
            && let Err(trouble) = self.lock(Lock { how: how.to_owned() })
        {
            trouble.told(self.machine.as_mut());
        }
    }

    pub(crate) fn still_here(&mut self, _: StillHere) -> Outcome<AliveView> {
        Ok(AliveView {
            idle_minutes: self.idle_minutes(),
        })
    }
}
