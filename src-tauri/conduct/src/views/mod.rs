//! What the screens see: flat, typed, ready to draw. No rule is left for the page to decide.

mod exchange;
mod form;
mod leave;
mod oversight;
mod redaction;
mod register;
mod site;
mod sound;
mod subject;
mod versions;

pub use exchange::*;
pub use form::*;
pub use leave::*;
pub use oversight::*;
pub use redaction::*;
pub use register::*;
pub use site::*;
pub use sound::*;
pub use study::def::StudyDef;
pub use subject::*;
pub use versions::*;

macro_rules! views {
    ($($(#[$m:meta])* $name:ident { $($(#[$fm:meta])* $field:ident : $t:ty),* $(,)? })*) => {$(
        $(#[$m])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        #[ts(export)]
        pub struct $name { $($(#[$fm])* pub $field: $t),* }
    )*};
}
pub(crate) use views;
