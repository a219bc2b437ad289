//! What is found before any content is read. Nothing is signed again after the change, but where the
//! lists themselves are at fault.

use crate::{
    Change, ENTRIES, change,
    common::{Tamperer, doctor_key, parcel, site_key, stranger},
    header, refused,
};
use bundle::{LIMITS, write_zip};
use proof::{Namespace, sign};
use serde_json::json;
use std::collections::BTreeMap;

#[test]
fn each_broken_envelope_is_refused_for_its_own_reason() {
    let good = parcel();
    let cases: Vec<(&str, &str, Change)> = vec![
        (
            "manifest-hash",
            "a payload file",
            change(|t| t.replace(ENTRIES, "38.5", "36.5")),
        ),
        ("manifest-hash", "a tag file", header(|h| h["to"] = json!([]))),
        (
            "file-missing",
            "a payload file gone",
            change(|t| drop(t.files.remove("data/pdf/012-0001.pdf"))),
        ),
        (
            "file-missing",
            "the site's signature gone",
            change(|t| drop(t.files.remove("signatures/bundle.site.sshsig"))),
        ),
        (
            "file-missing",
            "the list gone",
            change(|t| drop(t.files.remove("tagmanifest-sha256.txt"))),
        ),
        (
            "file-missing",
            "the person's signature gone",
            change(|t| drop(t.files.remove("signatures/bundle.user.sshsig"))),
        ),
        (
            "file-unlisted",
            "a payload file more",
            change(|t| t.put("data/pdf/more.pdf", "%PDF")),
        ),
        (
            "file-unlisted",
            "a tag file more",
            change(|t| t.put("note.txt", "trust me")),
        ),
        (
            "file-unlisted",
            "a signature more",
            change(|t| t.put("signatures/bundle.sponsor.sshsig", "x")),
        ),
        (
            "signature-mismatch",
            "the list",
            change(|t| t.replace("tagmanifest-sha256.txt", "a", "b")),
        ),
        (
            "signature-form",
            "an unreadable signature",
            change(|t| t.put("signatures/bundle.site.sshsig", "x")),
        ),
        (
            "signature-form",
            "a signature too long",
            change(|t| t.put("signatures/bundle.site.sshsig", "x".repeat(5000))),
        ),
        (
            "not-text",
            "a signature that is no text",
            change(|t| t.put("signatures/bundle.site.sshsig", vec![0xFF; 9])),
        ),
        (
            "signature-form",
            "a signature for another purpose",
            change(|t| {
                let sig = sign(&site_key(), Namespace::Checkpoint, &t.files["tagmanifest-sha256.txt"]);
                t.put("signatures/bundle.site.sshsig", sig.armoured());
            }),
        ),
        (
            "signature-user",
            "a stranger beside the site",
            change(|t| {
                let sig = sign(&stranger(), Namespace::Bundle, &t.files["tagmanifest-sha256.txt"]);
                t.put("signatures/bundle.user.sshsig", sig.armoured());
            }),
        ),
        (
            "signature-mismatch",
            "a person's signature over something else",
            change(|t| {
                let sig = sign(&doctor_key(), Namespace::Bundle, b"another list");
                t.put("signatures/bundle.user.sshsig", sig.armoured());
            }),
        ),
        (
            "manifest-form",
            "the list in another order",
            change(|t| {
                let list: Vec<String> = t
                    .text("manifest-sha256.txt")
                    .lines()
                    .rev()
                    .map(|l| l.to_owned() + "\n")
                    .collect();
                t.put("manifest-sha256.txt", list.concat());
                t.list_tags(&site_key(), &doctor_key());
            }),
        ),
        (
            "manifest-form",
            "capital hash digits",
            change(|t| {
                let list = t.text("manifest-sha256.txt");
                let (first, rest) = list.split_once("  ").unwrap();
                t.put("manifest-sha256.txt", format!("{}  {rest}", first.to_uppercase()));
                t.list_tags(&site_key(), &doctor_key());
            }),
        ),
        (
            "manifest-form",
            "a tag file in the payload's list",
            change(|t| {
                let list = t.text("manifest-sha256.txt");
                let hash = proof::Digest::of(&t.files["bagit.txt"]);
                t.put("manifest-sha256.txt", format!("{hash}  bagit.txt\n{list}"));
                t.list_tags(&site_key(), &doctor_key());
            }),
        ),
        (
            "manifest-form",
            "a tag file not listed",
            change(|t| {
                let list = t
                    .text("tagmanifest-sha256.txt")
                    .lines()
                    .skip(1)
                    .map(|l| l.to_owned() + "\n")
                    .collect::<String>();
                for (name, key) in [("site", site_key()), ("user", doctor_key())] {
                    let sig = sign(&key, Namespace::Bundle, list.as_bytes()).armoured();
                    t.put(&format!("signatures/bundle.{name}.sshsig"), sig);
                }
                t.put("tagmanifest-sha256.txt", list);
            }),
        ),
        (
            "header-name",
            "a renamed folder",
            change(|t| t.folder = "CARTX-013".into()),
        ),
    ];
    let mut wrong = Vec::new();
    for (code, what, change) in cases {
        let mut tamperer = Tamperer::of(&good.bytes);
        change(&mut tamperer);
        let refused = refused(&tamperer.zip());
        if refused.code() != code {
            wrong.push(format!("{what}: expected {code}, got {refused}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn folders_and_names_that_are_not_plain_are_refused() {
    let code = |files: &[(&str, &[u8])]| {
        let files: BTreeMap<&str, &[u8]> = files.iter().copied().collect();
        refused(&write_zip(&files).unwrap()).code()
    };
    assert_eq!(code(&[]), "top-folder");
    assert_eq!(code(&[("bagit.txt", b"x")]), "top-folder");
    assert_eq!(code(&[("a/bagit.txt", b"x"), ("b/bagit.txt", b"x")]), "top-folder");
    assert_eq!(code(&[("a/bagit.txt", b"x"), ("ab/c", b"x")]), "top-folder");
    // Canonical but for a name that the writer would not write.
    let good = write_zip(&BTreeMap::from([("abc/x", b"x".as_slice())])).unwrap();
    let text = |with: &[u8]| {
        let at: Vec<usize> = (0..good.len() - 5).filter(|i| &good[*i..*i + 5] == b"abc/x").collect();
        at.iter().fold(good.clone(), |mut zip, i| {
            zip.splice(*i..*i + 5, with.iter().copied());
            zip
        })
    };
    for name in [
        "../ab",
        "/abcd",
        "a//bc",
        "a\\bcd",
        "con/x",
        "a/b/.",
        "a/ bc",
        "a/\u{e9}b",
    ] {
        assert_eq!(refused(&text(name.as_bytes())).code(), "zip-name", "{name}");
    }
    assert_eq!(refused(&text(&[0xFF; 5])).code(), "zip-form");
    assert_eq!(refused(b"").code(), "zip-form");
}

/// The zip crate's own output, whatever its options, is not the canonical form.
#[test]
fn other_zips_of_the_same_files_are_refused() {
    use std::io::Write as _;
    let parcel = parcel();
    let files = bundle::read_zip(&parcel.bytes).unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(refused(&bytes).code(), "zip-form");
}

#[test]
fn what_is_beyond_the_limits_is_refused_before_it_is_read() {
    assert_eq!(refused(&vec![0; LIMITS.bundle + 1]).code(), "too-large");
    let mut many = Vec::new();
    for n in 0..=LIMITS.files {
        let name = format!("a/{n}");
        many.extend(b"PK\x03\x04");
        many.extend([0; 22]);
        many.extend(u32::try_from(name.len()).unwrap().to_le_bytes());
        many.extend(name.as_bytes());
    }
    assert_eq!(refused(&many).code(), "too-many-files");
}
