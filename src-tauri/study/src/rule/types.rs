//! What goes together in an expression: numbers with numbers, dates with dates, a code with the codes of its list.
//!
//! CEL compares unlike things without complaint (`38.0 == "38"` is false, and `||` absorbs the rest), so types are
//! settled here, when the definition loads.

use std::{fmt, ops::Range};

use cel::{
    Program,
    common::ast::{CallExpr, Expr, IdedExpr, LiteralValue},
};

use crate::{
    path::Oid,
    rule::{ItemRef, item_ref, place},
};

/// The type of a part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Number,
    Text,
    /// A code of a list.
    Code(Oid),
    /// Several codes of a list.
    Codes(Oid),
    Date,
    Time,
    DateTime,
    /// A text written in the expression: a code, a date or a text, as the other side wants.
    Word(String),
    /// A list written in the expression.
    Words(Vec<Type>),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("a yes or no"),
            Self::Number => f.write_str("a number"),
            Self::Text => f.write_str("a text"),
            Self::Code(list) => write!(f, "a code of {list}"),
            Self::Codes(list) => write!(f, "codes of {list}"),
            Self::Date => f.write_str("a date"),
            Self::Time => f.write_str("a time"),
            Self::DateTime => f.write_str("a date and time"),
            Self::Word(word) => write!(f, "the text \"{word}\""),
            Self::Words(_) => f.write_str("a list"),
        }
    }
}

/// Something that does not go together, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clash {
    Type {
        at: Range<usize>,
        operator: String,
        found: String,
    },
    Code {
        at: Range<usize>,
        code: String,
        codelist: Oid,
    },
}

/// What a definition knows of items and codes.
pub(crate) trait Types {
    fn of(&self, item: &ItemRef) -> Option<Type>;
    fn has_code(&self, codelist: &str, code: &str) -> bool;
}

/// Settles the types of an expression; the whole must be a yes or no.
pub(crate) fn settle(program: &Program, types: &dyn Types) -> Vec<Clash> {
    let mut judge = Judge {
        program,
        types,
        clashes: Vec::new(),
    };
    let whole = program.expression();
    if let Some(found) = judge.settle(whole)
        && found != Type::Bool
    {
        judge.clash(whole, "a rule", &found);
    }
    judge.clashes
}

struct Judge<'a> {
    program: &'a Program,
    types: &'a dyn Types,
    clashes: Vec<Clash>,
}

impl Judge<'_> {
    fn clash(&mut self, expr: &IdedExpr, operator: &str, found: &Type) {
        let operator = operator.trim_matches('_').trim_start_matches('@').replace("?_:", "? :");
        let found = found.to_string();
        self.clashes.push(Clash::Type {
            at: place(self.program, expr),
            operator,
            found,
        });
    }

    /// The type of a part; nothing when an item in it is not known (said elsewhere) or it clashes inside.
    fn settle(&mut self, expr: &IdedExpr) -> Option<Type> {
        match &expr.expr {
            Expr::Literal(literal) => Some(match literal {
                LiteralValue::Boolean(_) => Type::Bool,
                LiteralValue::Double(_) | LiteralValue::Int(_) => Type::Number,
                LiteralValue::String(text) => Type::Word(text.inner().to_owned()),
                LiteralValue::Bytes(_) | LiteralValue::Null | LiteralValue::UInt(_) => {
                    self.clash(expr, "a rule", &Type::Word("null, bytes or unsigned".into()));
                    return None;
                }
            }),
            Expr::Select(_) => item_ref(expr).and_then(|item| self.types.of(&item)),
            Expr::List(list) => Some(Type::Words(
                list.elements
                    .iter()
                    .filter_map(|element| self.settle(element))
                    .collect(),
            )),
            Expr::Call(call) => self.call(expr, call),
            Expr::Unspecified | Expr::Comprehension(_) | Expr::Ident(_) | Expr::Map(_) | Expr::Struct(_) => None,
        }
    }

    fn call(&mut self, expr: &IdedExpr, call: &CallExpr) -> Option<Type> {
        let name = call.func_name.as_str();
        let found: Vec<Option<Type>> = call.args.iter().map(|arg| self.settle(arg)).collect();
        match (name, call.args.as_slice()) {
            ("_&&_" | "_||_" | "!_", args) => {
                for (arg, found) in args.iter().zip(found) {
                    if let Some(found) = found.filter(|found| *found != Type::Bool) {
                        self.clash(arg, name, &found);
                    }
                }
                Some(Type::Bool)
            }
            ("-_", [arg]) => {
                self.want(arg, found.into_iter().next().flatten(), name, &[Type::Number]);
                Some(Type::Number)
            }
            ("_==_" | "_!=_", [_, right]) => {
                self.pair(right, &found, name);
                Some(Type::Bool)
            }
            ("_<_" | "_<=_" | "_>_" | "_>=_", [left, right]) => {
                if self.pair(right, &found, name)
                    && let Some(Some(found)) = found.first()
                    && matches!(
                        found,
                        Type::Bool | Type::Text | Type::Code(_) | Type::Codes(_) | Type::Words(_)
                    )
                {
                    self.clash(left, name, found);
                }
                Some(Type::Bool)
            }
            ("@in", [left, right]) => {
                self.within(left, right, &found);
                Some(Type::Bool)
            }
            ("_?_:_", [condition, _, last]) => {
                self.want(condition, found.first().cloned().flatten(), name, &[Type::Bool]);
                self.pair(last, &found[1..], name);
                found.into_iter().nth(1).flatten()
            }
            ("size", [arg]) => {
                if let Some(Some(found)) = found.first()
                    && !matches!(found, Type::Codes(_))
                {
                    self.clash(arg, name, found);
                }
                Some(Type::Number)
            }
            ("days_between" | "age_at", [a, b]) => self.both(&[a, b], found, name, &[Type::Date, Type::DateTime]),
            ("minutes_between", [a, b]) => self.both(&[a, b], found, name, &[Type::DateTime]),
            ("percent_change", [a, b]) => self.both(&[a, b], found, name, &[Type::Number]),
            ("date_of", [a]) => {
                self.want(a, found.into_iter().next().flatten(), name, &[Type::DateTime]);
                Some(Type::Date)
            }
            ("moment", [date, time]) => {
                let mut found = found.into_iter();
                self.want(date, found.next().flatten(), name, &[Type::Date]);
                self.want(time, found.next().flatten(), name, &[Type::Time]);
                Some(Type::DateTime)
            }
            (_, args) => {
                let count = format!("{} values", args.len());
                let at = place(self.program, expr);
                self.clashes.push(Clash::Type {
                    at,
                    operator: format!("`{name}`"),
                    found: count,
                });
                None
            }
        }
    }

    fn both(&mut self, args: &[&IdedExpr], found: Vec<Option<Type>>, name: &str, wanted: &[Type]) -> Option<Type> {
        for (arg, found) in args.iter().zip(found) {
            self.want(arg, found, name, wanted);
        }
        Some(Type::Number)
    }

    fn want(&mut self, arg: &IdedExpr, found: Option<Type>, name: &str, wanted: &[Type]) {
        let Some(found) = found else { return };
        let fits = wanted.contains(&found)
            || matches!(&found, Type::Word(word) if wanted.iter().any(|wanted| word_fits(word, wanted)));
        if !fits {
            self.clash(arg, name, &found);
        }
    }

    /// Whether both sides go together; says so if not.
    fn pair(&mut self, right: &IdedExpr, found: &[Option<Type>], name: &str) -> bool {
        let [Some(a), Some(b)] = found else { return false };
        match (a, b) {
            (Type::Code(list), Type::Word(word)) | (Type::Word(word), Type::Code(list)) => self.code(right, list, word),
            (Type::Word(word), other) | (other, Type::Word(word)) if word_fits(word, other) => true,
            (Type::Code(x), Type::Code(y)) if x == y => true,
            (Type::Number, Type::Number)
            | (Type::Bool, Type::Bool)
            | (Type::Text, Type::Text)
            | (Type::Date, Type::Date)
            | (Type::Time, Type::Time)
            | (Type::DateTime, Type::DateTime) => true,
            _ => {
                let both = format!("{a} with {b}");
                let operator = name.trim_matches('_').replace("?_:", "? :");
                self.clashes.push(Clash::Type {
                    at: place(self.program, right),
                    operator,
                    found: both,
                });
                false
            }
        }
    }

    fn code(&mut self, expr: &IdedExpr, list: &str, word: &str) -> bool {
        let known = self.types.has_code(list, word);
        if !known {
            let at = place(self.program, expr);
            self.clashes.push(Clash::Code {
                at,
                code: word.to_owned(),
                codelist: list.to_owned(),
            });
        }
        known
    }

    fn within(&mut self, left: &IdedExpr, right: &IdedExpr, found: &[Option<Type>]) {
        let [Some(a), Some(b)] = found else { return };
        match (a, b) {
            (Type::Word(word), Type::Codes(list)) => {
                self.code(left, list, word);
            }
            (Type::Code(x), Type::Codes(y)) if x == y => {}
            (Type::Code(list), Type::Words(words)) => {
                for word in words {
                    if let Type::Word(word) = word {
                        self.code(right, list, word);
                    } else {
                        self.clash(right, "in", word);
                    }
                }
            }
            (Type::Number, Type::Words(words)) if words.iter().all(|word| *word == Type::Number) => {}
            _ => self.clash(right, "in", b),
        }
    }
}

fn word_fits(word: &str, wanted: &Type) -> bool {
    match wanted {
        Type::Date => crate::dates::whole(word).is_some(),
        Type::DateTime => crate::dates::moment(word).is_some(),
        Type::Time => crate::dates::moment(&format!("2000-01-01T{word}")).is_some(),
        Type::Text | Type::Word(_) => true,
        Type::Bool | Type::Number | Type::Code(_) | Type::Codes(_) | Type::Words(_) => false,
    }
}
