//! One way to write a value, and only that way is read.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use proof::{CanonicalError, Limits, canonical, canonical_within, parse_canonical, parse_canonical_within};
use proptest::prelude::*;
use serde_json::{Value, json};

fn refused(bytes: &str) -> &'static str {
    parse_canonical::<Value>(bytes.as_bytes()).unwrap_err().code()
}

/// RFC 8785, section 3.2.3: members are ordered by UTF-16 code units.
#[test]
fn orders_members_as_the_rfc_does() {
    let value: Value = serde_json::from_str(
        r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
        "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
    )
    .unwrap();
    let text = String::from_utf8(canonical(&value).unwrap()).unwrap();
    let order: Vec<usize> = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small",
        "Euro Sign",
        "Emoji",
        "Hebrew",
    ]
    .iter()
    .map(|word| text.find(word).unwrap())
    .collect();
    assert!(order.is_sorted());
}

/// RFC 8785, section 3.2.2.2: which characters are escaped, and how.
#[test]
fn escapes_as_the_rfc_does() {
    let value = json!({"string": "\u{20ac}$\u{f}\nA'B\"\\\\\"/"});
    assert_eq!(
        canonical(&value).unwrap(),
        "{\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}".as_bytes()
    );
}

#[test]
fn what_is_not_its_own_canonical_form_is_refused() {
    assert_eq!(refused(r#"{"a":1,"a":1}"#), "json-not-canonical");
    assert_eq!(refused(r#"{"b":1,"a":1}"#), "json-not-canonical");
    assert_eq!(refused(r#"{"a": 1}"#), "json-not-canonical");
    assert_eq!(refused(r#"{"a":"\u0041"}"#), "json-not-canonical");
    assert_eq!(refused(r#"{"a":"\/"}"#), "json-not-canonical");
    assert_eq!(refused("[-0]"), "json-number");
    assert_eq!(refused("[1e2]"), "json-number");
    assert_eq!(refused("[1.5]"), "json-number");
    assert_eq!(refused("[9007199254740992]"), "json-number");
    assert_eq!(refused("[-9007199254740992]"), "json-number");
    assert_eq!(refused("\u{feff}{}"), "json-shape");
    assert_eq!(refused("{}\n"), "json-not-canonical");
    assert_eq!(refused("{}x"), "json-shape");
    assert_eq!(refused(""), "json-shape");
    assert_eq!(refused(r#"["\ud800"]"#), "json-shape");
    assert!(parse_canonical::<Value>(b"[9007199254740991,-9007199254740991]").is_ok());
}

#[test]
fn decimals_are_refused_when_written_too() {
    assert!(matches!(
        canonical(&json!({"dose": 0.5})),
        Err(CanonicalError::Number(n)) if n == "0.5"
    ));
    assert_eq!(canonical(&u64::MAX).unwrap_err().code(), "json-number");
}

#[test]
fn size_and_depth_are_bounded() {
    let limits = Limits { bytes: 8, depth: 2 };
    assert_eq!(canonical_within(&json!([["a"]]), limits).unwrap(), b"[[\"a\"]]");
    let deep = canonical_within(&json!([[[]]]), limits).unwrap_err();
    assert_eq!(deep.code(), "json-too-deep");
    let long = canonical_within("1234567", limits).unwrap_err();
    assert_eq!(long.code(), "json-too-long");
    let long = parse_canonical_within::<Value>(b"\"1234567\"", limits).unwrap_err();
    assert_eq!(long.code(), "json-too-long");
    // Far deeper than any stack: refused, no overflow.
    assert_eq!(refused(&"[".repeat(1_000_000)), "json-shape");
    let nested = "[".repeat(33) + &"]".repeat(33);
    assert_eq!(refused(&nested), "json-too-deep");
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53) + 1..1 << 53).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(value in values()) {
        let bytes = canonical(&value).unwrap();
        prop_assert_eq!(parse_canonical::<Value>(&bytes).unwrap(), value);
    }

    #[test]
    fn a_changed_byte_is_refused_or_another_value(value in values(), at: prop::sample::Index, bit in 0_u32..8) {
        let mut bytes = canonical(&value).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(other) = parse_canonical::<Value>(&bytes) {
            prop_assert_ne!(other, value);
        }
    }
}
