//! Every way of leaving inputs out, against every way of filling them in.

use criteria::qualify::run_vector;
use serde_json::{Map, Value};

/// Inputs that vary, with the values that they take; the first entry of each is its name.
pub(crate) struct Grid {
    /// Name of the function.
    pub(crate) function: &'static str,
    /// Inputs that do not vary.
    pub(crate) fixed: Value,
    /// Names and values of those that do.
    pub(crate) varied: Vec<(&'static str, Vec<Value>)>,
    /// Combinations that cannot be: they are never a way of filling in.
    pub(crate) possible: fn(&Value) -> bool,
    /// States that a section excepts from the rule.
    pub(crate) excepted: fn(&Value) -> bool,
    /// Inputs that are asked for only once another is known: the flow of a device, the bullae of an erythroderma.
    pub(crate) asked_later: &'static [&'static str],
    /// What is called missing belongs to more than the answer looked at, as a score does to a risk.
    pub(crate) missing_of_more: bool,
}

impl Grid {
    /// A grid without exceptions.
    pub(crate) fn new(function: &'static str, fixed: Value, varied: &[(&'static str, Value)]) -> Self {
        Self {
            function,
            fixed,
            varied: varied
                .iter()
                .map(|(name, values)| (*name, values.as_array().unwrap().clone()))
                .collect(),
            possible: |_| true,
            excepted: |_| false,
            asked_later: &[],
            missing_of_more: false,
        }
    }

    fn states(&self) -> usize {
        self.varied.iter().map(|(_, values)| values.len() + 1).product()
    }

    /// The state of this number: one digit for each input, the highest digit being "missing".
    fn digits(&self, mut number: usize) -> Vec<usize> {
        self.varied
            .iter()
            .map(|(_, values)| {
                let digit = number % (values.len() + 1);
                number /= values.len() + 1;
                digit
            })
            .collect()
    }

    fn number(&self, digits: &[usize]) -> usize {
        let mut place = 1;
        let mut number = 0;
        for (digit, (_, values)) in digits.iter().zip(&self.varied) {
            number += digit * place;
            place *= values.len() + 1;
        }
        number
    }

    fn inputs(&self, digits: &[usize]) -> Value {
        let mut inputs: Map<String, Value> = self.fixed.as_object().unwrap().clone();
        for (digit, (name, values)) in digits.iter().zip(&self.varied) {
            inputs.insert((*name).to_owned(), values.get(*digit).cloned().unwrap_or(Value::Null));
        }
        Value::Object(inputs)
    }

    /// Every answer that filling in leaves possible, as a set of ranks; checks each state against it.
    pub(crate) fn check(&self, rank: fn(&Value) -> Option<u32>, states: fn(u32, &Value) -> bool) {
        let mut reach = vec![0u32; self.states()];
        let mut failures = Vec::new();
        for number in 0..self.states() {
            let digits = self.digits(number);
            let inputs = self.inputs(&digits);
            let open = digits
                .iter()
                .zip(&self.varied)
                .position(|(digit, (_, values))| *digit == values.len());
            let answer = run_vector(self.function, &inputs).unwrap();
            match open {
                None if !(self.possible)(&inputs) => continue,
                None => reach[number] = 1 << rank(&answer).unwrap(),
                Some(open) => {
                    for value in 0..self.varied[open].1.len() {
                        let mut filled = digits.clone();
                        filled[open] = value;
                        reach[number] |= reach[self.number(&filled)];
                    }
                    if reach[number] == 0 || (self.excepted)(&inputs) {
                        continue;
                    }
                }
            }
            if !states(reach[number], &answer) {
                failures.push(format!(
                    "{} {inputs} may be {:b} but is {answer}",
                    self.function, reach[number]
                ));
            }
            if self.missing_of_more {
                continue;
            }
            self.check_missing(&digits, &reach, &answer, &mut failures);
        }
        assert!(
            failures.is_empty(),
            "{} of {}:\n{}",
            failures.len(),
            self.states(),
            failures.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
        );
    }

    /// What is called missing is missing, each of it can change the answer, and filling in all of it settles the answer or
    /// leaves only what is asked later.
    fn check_missing(&self, digits: &[usize], reach: &[u32], answer: &Value, failures: &mut Vec<String>) {
        let Some(named) = answer["missing"].as_array() else {
            return;
        };
        let named: Vec<&str> = named.iter().map(|name| name.as_str().unwrap()).collect();
        let absent = |place: &usize| digits[*place] == self.varied[*place].1.len();
        let open: Vec<usize> = (0..self.varied.len()).filter(absent).collect();
        let places: Vec<usize> = (0..self.varied.len())
            .filter(|place| named.contains(&self.varied[*place].0))
            .collect();
        if places.iter().any(|place| !open.contains(place)) {
            failures.push(format!("{} has what {named:?} calls missing", self.inputs(digits)));
            return;
        }
        let later = |place: &usize| self.asked_later.contains(&self.varied[*place].0) && !places.contains(place);
        if !open.iter().any(later) {
            let settled = |state: &Vec<usize>| reach[self.number(state)].count_ones() <= 1;
            if let Some(state) = self.filled(digits, &places).iter().find(|state| !settled(state)) {
                let (given, then) = (self.inputs(digits), self.inputs(state));
                failures.push(format!("{given} names {named:?}, and with them {then} is still open"));
            }
        }
        if open.len() > 3 {
            return;
        }
        for place in &places {
            let others: Vec<usize> = open.iter().copied().filter(|other| other != place).collect();
            let changes = self.filled(digits, &others).iter().any(|state| {
                let answers = self.filled(state, &[*place]);
                let answers = answers.iter().map(|state| reach[self.number(state)]);
                answers.fold(0, |all, one| all | one).count_ones() > 1
            });
            if !changes {
                failures.push(format!(
                    "{}: {} changes nothing",
                    self.inputs(digits),
                    self.varied[*place].0
                ));
            }
        }
    }

    /// Every way of filling in these places.
    fn filled(&self, digits: &[usize], places: &[usize]) -> Vec<Vec<usize>> {
        let mut states = vec![digits.to_vec()];
        for place in places {
            let fill = |state: &Vec<usize>, value: usize| {
                let mut state = state.clone();
                state[*place] = value;
                state
            };
            let values = 0..self.varied[*place].1.len();
            states = states
                .iter()
                .flat_map(|state| values.clone().map(move |value| fill(state, value)))
                .collect();
        }
        states
    }
}
