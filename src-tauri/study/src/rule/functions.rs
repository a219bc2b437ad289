//! The named functions of expressions: the arithmetic that rules may not do themselves.

use std::sync::Arc;

use cel::{Context, DeclarationError, ExecutionError};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::dates;

type Text = Arc<String>;

pub(crate) const NAMES: [&str; 6] = [
    "days_between",
    "minutes_between",
    "age_at",
    "percent_change",
    "date_of",
    "moment",
];

fn bad(function: &str, text: &str) -> ExecutionError {
    ExecutionError::function_error(function, format!("{text:?} is not a date or time"))
}

/// Declares them all.
pub(crate) fn declare(context: &mut Context<'_, '_>) -> Result<(), DeclarationError> {
    // Whole days from the first to the second; negative when the second comes first.
    context.add_function("days_between", |from: Text, to: Text| -> Result<i64, ExecutionError> {
        let day = |text: &str| dates::whole(text.get(..10).unwrap_or(text)).ok_or_else(|| bad("days_between", text));
        Ok((day(&to)? - day(&from)?).num_days())
    })?;
    context.add_function(
        "minutes_between",
        |from: Text, to: Text| -> Result<i64, ExecutionError> {
            let moment = |text: &str| dates::moment(text).ok_or_else(|| bad("minutes_between", text));
            Ok((moment(&to)? - moment(&from)?).num_minutes())
        },
    )?;
    // Completed years.
    context.add_function("age_at", |birth: Text, on: Text| -> Result<i64, ExecutionError> {
        let day = |text: &str| dates::whole(text.get(..10).unwrap_or(text)).ok_or_else(|| bad("age_at", text));
        Ok(i64::from(dates::completed_years(day(&birth)?, day(&on)?)))
    })?;
    // How far the second lies from the first, in per cent of the first, whichever way.
    context.add_function("percent_change", |from: f64, to: f64| {
        let exact = |number: f64| Decimal::try_from(number).ok();
        let change = exact(from).zip(exact(to)).and_then(|(from, to)| {
            (to - from)
                .abs()
                .checked_mul(Decimal::ONE_HUNDRED)?
                .checked_div(from.abs())?
                .to_f64()
        });
        // From nothing to something is beyond every limit.
        Ok::<f64, ExecutionError>(change.unwrap_or(if from == to { 0.0 } else { f64::INFINITY }))
    })?;
    context.add_function("date_of", |moment: Text| -> Result<Text, ExecutionError> {
        moment
            .get(..10)
            .map(|day| Arc::new(day.to_owned()))
            .ok_or_else(|| bad("date_of", &moment))
    })?;
    context.add_function("moment", |date: Text, time: Text| Arc::new(format!("{date}T{time}")))?;
    Ok(())
}
