//! What the screens see: flat, typed, ready to draw. No rule is left for the page to decide.

mod form;
mod leave;
mod oversight;
mod register;
mod site;
mod subject;
mod versions;

pub use form::*;
pub use leave::*;
pub use oversight::*;
pub use register::*;
pub use site::*;
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
