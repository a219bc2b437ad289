#![allow(clippy::unwrap_used, clippy::expect_used, reason = "x")]
mod common;
use common::*;
use serde_json::json;
#[test]
fn bench() {
    let (mut content, _) = export();
    let mut a = Log::new(LOG_A);
    let n = 200_000;
    a.save(NURSE, json!({"type": "subject_added", "subject": "012-0001"}));
    for i in 0..n { a.save(NURSE, json!({"type": "value_entered", "path": format!("012-0001/SCR/VITALS/1/T{i}"), "value": {"text": "38.5"}})); }
    content.header.logs = vec![a.range()];
    content.commits = a.commits; content.esignatures.clear();
    let t = std::time::Instant::now();
    let p = bundle::Parcel::build(&content, a.entries, &site_key(), &doctor_key()).unwrap();
    eprintln!("build+verify {:?} {} MB", t.elapsed(), p.bytes.len() >> 20);
    let t = std::time::Instant::now();
    bundle::verify(&p.bytes, &trust(), now()).unwrap();
    eprintln!("verify {:?}", t.elapsed());
}
