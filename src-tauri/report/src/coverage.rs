//! What the fonts cannot print is printed as its number.
//!
//! One character without a glyph fails a whole PDF/A export, and without that standard it would be lost in silence.
//! People type anything, so every text is looked through before it is set: what the fonts lack, what cannot be seen and
//! what turns the direction of writing stands on the page as `[U+1F600]`.

use serde_json::Value;

use crate::fonts::Loaded;

/// Characters in a row, without a place to break the line, after which one is offered.
const LONGEST_UNBROKEN: usize = 18;
/// Breaks a line where needed and is invisible otherwise.
const MAY_BREAK: char = '\u{200b}';

/// Replaces in every text of the tree; tells whether anything was.
pub(crate) fn print_uncovered_as_numbers(tree: &mut Value, fonts: &Loaded) -> bool {
    match tree {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => {
            let (printable, substituted) = printable(text, fonts);
            *text = printable;
            substituted
        }
        Value::Array(parts) => parts
            .iter_mut()
            .fold(false, |any, part| print_uncovered_as_numbers(part, fonts) | any),
        Value::Object(fields) => fields
            .values_mut()
            .fold(false, |any, part| print_uncovered_as_numbers(part, fonts) | any),
    }
}

fn printable(text: &str, fonts: &Loaded) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut substituted = false;
    let mut unbroken = 0;
    let mut base = ' ';
    for character in text.chars() {
        let character = if character == '\t' || character == '\u{a0}' {
            ' '
        } else {
            character
        };
        if character == '\n' || prints(character, base, fonts) {
            out.push(character);
            base = if is_mark(character) { base } else { character };
        } else {
            substituted = true;
            out.push_str(&format!("[U+{:04X}]", u32::from(character)));
            base = ' ';
        }
        unbroken = if breaks_by_itself(character) { 0 } else { unbroken + 1 };
        if unbroken == LONGEST_UNBROKEN {
            out.push(MAY_BREAK);
            unbroken = 0;
        }
    }
    (out, substituted)
}

/// Chinese breaks between any two characters, so only the others can run out of their column.
fn breaks_by_itself(character: char) -> bool {
    character.is_whitespace() || u32::from(character) >= 0x2E80
}

/// Whether a character can be set after `base`. A mark needs one font that has both.
fn prints(character: char, base: char, fonts: &Loaded) -> bool {
    if is_unseen(character) {
        return false;
    }
    if is_mark(character) {
        return fonts.in_latin(character) && fonts.in_latin(base) && base.is_alphabetic();
    }
    // Set from the Chinese font where the page is Chinese: quotes, dashes and ellipses are wide there.
    let either_width = matches!(
        character,
        '\u{b7}' | '\u{2013}' | '\u{2014}' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{2025}'
            ..='\u{2027}' | '\u{2e3a}'
    );
    fonts.in_chinese(character) || (fonts.in_latin(character) && !either_width)
}

/// Combining marks.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302f}' | '\u{3099}'..='\u{309a}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// Controls, direction marks, joiners, variation selectors, private use, noncharacters: nobody could read them, and
/// PDF/A refuses some.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
        || u32::from(character) & 0xFFFE == 0xFFFE
}
