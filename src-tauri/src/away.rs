//! The computer goes to sleep, or another user takes it: the file is locked, whatever the page does.
//!
//! Sleep is told by two clocks: the one that counts while the computer sleeps runs ahead of the one that does not. Where
//! the system says beforehand that it goes to sleep, that its screen is locked or that another user comes (logind), it is heard
//! too. Idleness is looked at here as well, so that a page that hangs holds nothing open.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use tauri::{Manager, Runtime, WebviewWindow};

use crate::{remade, seams, window::Shell};

/// How often the clocks are looked at.
const EVERY: Duration = Duration::from_secs(1);
/// How far the clocks may part without anybody having slept.
const SLACK: f64 = 5.0;
/// What the page gets to keep what is typed, before the keys go without it.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Begins watching.
pub(crate) fn watch<R: Runtime>(page: WebviewWindow<R>) {
    #[cfg(target_os = "linux")]
    {
        let page = page.clone();
        std::thread::spawn(move || logind::listen(move |how| leave(&page, how)));
    }
    std::thread::spawn(move || {
        let began = Instant::now();
        let first = awake_and_asleep();
        let mut apart = 0.0;
        loop {
            std::thread::sleep(EVERY);
            let now = awake_and_asleep()
                .zip(first)
                .map(|(now, first)| now - first - began.elapsed().as_secs_f64());
            if now.is_some_and(|now| now - apart > SLACK) {
                leave(&page, "suspend");
            }
            apart = now.unwrap_or(apart);
            look(&page);
        }
    });
}

/// Seconds since the computer was started, those asleep among them. None: not told here.
fn awake_and_asleep() -> Option<f64> {
    let path = seams::uptime();
    let text = std::fs::read_to_string(path.as_deref().unwrap_or(Path::new("/proc/uptime"))).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn look<R: Runtime>(page: &WebviewWindow<R>) {
    let shell = page.state::<Shell>();
    // An act under way is a hand on it.
    let Ok(mut desk) = shell.desk.try_lock() else { return };
    let before = desk.seated();
    desk.look();
    if let Some(gone) = before.filter(|_| desk.seated().is_none()) {
        drop(desk);
        remade::begin(page, &shell, gone);
    }
}

/// The page is asked to keep what is typed and to lock; after a moment it is done without it.
fn leave<R: Runtime>(page: &WebviewWindow<R>, how: &str) {
    let shell = page.state::<Shell>();
    if shell.desk.blocking_lock().seated().is_none() {
        return;
    }
    let told = page.eval(format!(
        "window.dispatchEvent(new CustomEvent('cartwright:away', {{ detail: '{how}' }}))"
    ));
    let until = Instant::now() + PATIENCE;
    while told.is_ok() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
        if shell.desk.blocking_lock().seated().is_none() {
            return;
        }
    }
    let gone = {
        let mut desk = shell.desk.blocking_lock();
        let gone = desk.seated();
        desk.leave_now(how);
        gone
    };
    if let Some(gone) = gone {
        remade::begin(page, &shell, gone);
    }
}

/// What the system's log-in service says.
#[cfg(target_os = "linux")]
mod logind {
    use std::time::Duration;

    use dbus::{
        arg::{PropMap, RefArg as _},
        blocking::Connection,
        message::MatchRule,
        Message, Path,
    };

    const NAME: &str = "org.freedesktop.login1";
    const MANAGER: &str = "org.freedesktop.login1.Manager";
    const SESSION: &str = "org.freedesktop.login1.Session";
    const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

    /// Hears until the system has no bus, or none any more.
    pub(super) fn listen(leave: impl Fn(&str) + Send + 'static) {
        if let Err(error) = hear(leave) {
            eprintln!("sleep and switch of user are not heard beforehand: {error}");
        }
    }

    fn hear(leave: impl Fn(&str) + Send + 'static) -> Result<(), dbus::Error> {
        let bus = Connection::new_system()?;
        let own = own_session(&bus);
        for (interface, member) in [
            (MANAGER, "PrepareForSleep"),
            (SESSION, "Lock"),
            (PROPERTIES, "PropertiesChanged"),
        ] {
            bus.add_match_no_cb(&MatchRule::new_signal(interface, member).match_str())?;
        }
        let (told, heard) = std::sync::mpsc::channel();
        dbus::channel::MatchingReceiver::start_receive(
            &bus,
            MatchRule::new(),
            Box::new(move |message, _| {
                if let Some(how) = says(&message, own.as_ref()) {
                    let _nobody_left_to_tell = told.send(how);
                }
                true
            }),
        );
        loop {
            bus.process(Duration::from_secs(60))?;
            for how in heard.try_iter() {
                leave(how);
            }
        }
    }

    /// Which session this process belongs to; none: not told.
    fn own_session(bus: &Connection) -> Option<Path<'static>> {
        let manager = bus.with_proxy(NAME, "/org/freedesktop/login1", Duration::from_secs(2));
        let (path,): (Path<'static>,) = manager
            .method_call(MANAGER, "GetSessionByPID", (std::process::id(),))
            .ok()?;
        Some(path)
    }

    /// What a signal means for the file, if anything. Another session's are not ours.
    fn says(message: &Message, own: Option<&Path<'_>>) -> Option<&'static str> {
        let (interface, member) = (message.interface()?, message.member()?);
        let ours = || own.is_none_or(|own| message.path().as_deref() == Some(&**own));
        match (&*interface, &*member) {
            (MANAGER, "PrepareForSleep") => message.read1::<bool>().ok()?.then_some("suspend"),
            (SESSION, "Lock") if ours() => Some("switched"),
            (PROPERTIES, "PropertiesChanged") if own.is_some() && ours() => {
                let (_, changed): (String, PropMap) = message.read2().ok()?;
                let active = changed.get("Active")?.0.as_i64()?;
                (active == 0).then_some("switched")
            }
            _ => None,
        }
    }

    #[cfg(test)]
    mod tests {
        use dbus::arg::Variant;

        use super::*;

        fn signal(path: &str, interface: &str, member: &str) -> Message {
            Message::new_signal(path, interface, member).unwrap()
        }

        fn active(path: &str, now: bool) -> Message {
            let mut changed = PropMap::new();
            changed.insert("Active".into(), Variant(Box::new(now)));
            signal(path, PROPERTIES, "PropertiesChanged").append2(SESSION, changed)
        }

        #[test]
        fn sleep_lock_and_switch_are_understood_and_other_sessions_are_not_ours() {
            let (here, there) = (
                "/org/freedesktop/login1/session/_31",
                "/org/freedesktop/login1/session/_32",
            );
            let own = Path::from(here);
            let sleep = |before: bool| signal("/org/freedesktop/login1", MANAGER, "PrepareForSleep").append1(before);
            let cases = [
                (sleep(true), Some("suspend")),
                (sleep(false), None),
                (signal(here, SESSION, "Lock"), Some("switched")),
                (signal(there, SESSION, "Lock"), None),
                (signal(here, SESSION, "Unlock"), None),
                (active(here, false), Some("switched")),
                (active(here, true), None),
                (active(there, false), None),
            ];
            for (n, (message, expected)) in cases.iter().enumerate() {
                assert_eq!(says(message, Some(&own)), *expected, "{n}");
            }
            // Where the session is not known, only what is said to all is taken.
            assert_eq!(says(&active(there, false), None), None);
            assert_eq!(says(&signal(there, SESSION, "Lock"), None), Some("switched"));
        }
    }
}
