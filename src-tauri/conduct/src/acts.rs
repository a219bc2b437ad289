//! The door from outside: each command of the list as one function that asks for the right first and tells troubles as
//! problems. Shell and command line call these and nothing else.

use serde_json::Value;

use crate::{
    desk::Desk,
    problem::{Answer, Problem},
    requests::*,
    trouble::{Outcome, Trouble},
    views::*,
};

impl Desk {
    fn answer<T>(&mut self, command: &str, act: impl FnOnce(&mut Self) -> Outcome<T>) -> Answer<T> {
        self.watch_clock();
        self.look_whether_idle(command);
        let outcome = self
            .look_whether_ended(command)
            .and_then(|()| self.permit_or_note(command))
            .and_then(|()| self.trained_for(command))
            .and_then(|()| self.sound_for(command))
            .and_then(|()| act(self));
        outcome.map_err(|trouble: Trouble| trouble.told(self.machine.as_mut()))
    }
}

macro_rules! doors {
    ($($name:ident($request:ident) -> $answer:ident;)*) => {
        $(
            #[doc = concat!("The command `", stringify!($name), "`.")]
            ///
            /// # Errors
            /// [`Problem`]: a refusal, or a fault with its reference.
            pub fn $name(desk: &mut Desk, request: $request) -> Answer<$answer> {
                desk.answer(stringify!($name), |desk| desk.$name(request))
            }
        )*

        /// Any command by name, request and answer as JSON.
        ///
        /// # Errors
        /// As the command; `no_such_command` and `request_form` when it cannot be read.
        pub fn call(desk: &mut Desk, command: &str, request: Value) -> Answer<Value> {
            match command {
                $(stringify!($name) => {
                    let request = serde_json::from_value(request).map_err(|e| {
                        Problem::refusal_with("request_form", &[("why", &e.to_string())])
                    })?;
                    let answer = $name(desk, request)?;
                    serde_json::to_value(answer).map_err(|e| {
                        Problem::refusal_with("request_form", &[("why", &e.to_string())])
                    })
                })*
                _ => Err(Problem::refusal_with("no_such_command", &[("command", command)])),
            }
        }
    };
}
crate::commands!(doors);
