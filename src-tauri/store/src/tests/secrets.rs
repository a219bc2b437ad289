//! What must not be found: plain text in any file that a session writes, keys and passwords in memory after locking.

use std::{
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
    process::Command,
};

use study::act::{Act, Role};

use crate::{
    DeviceKeys, ExposeSecret as _, KdfCost, SecretString, SiteFile,
    desk::{Desk, because, entered, person},
    tests::{quick_desk, signed},
};

const MARK: &str = "CANARY-THAT-NOBODY-MAY-SEE";

/// Looks for the mark, as it is and in UTF-16, in every file of the folder as it stands now.
fn look(folder: &Path, when: &str, looked: &mut usize) {
    let wide: Vec<u8> = MARK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look(&path, when, looked);
            continue;
        }
        // Reading the open file itself would drop its lock: a child reads.
        let read = Command::new("cat").arg(&path).output().unwrap();
        assert!(read.status.success(), "{path:?}");
        *looked += 1;
        for needle in [MARK.as_bytes(), &wide] {
            let found = read.stdout.windows(needle.len()).any(|w| w == needle);
            assert!(!found, "in {path:?}, {when}");
        }
    }
}

#[test]
fn no_file_written_in_a_session_holds_plain_text() {
    let mut desk = quick_desk();
    let folder = desk.folder.path().to_owned();
    let mut looked = 0;
    let mut site = desk.new_site();
    site.name = MARK.into();
    site.definition[0].bytes = MARK.as_bytes().to_vec();
    site.administrator.identity_verified = MARK.into();
    let (mut file, admin, _) =
        SiteFile::create(&desk.path(), site, KdfCost::cheap(), &mut desk.seed, &desk.devices).unwrap();
    look(&folder, "created", &mut looked);
    let stamp = desk.stamp();
    let mut nurse = person("nurse", Role::Nurse);
    nurse.identity_verified = MARK.into();
    file.add_person(&admin, &nurse, KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    let path = "S-001/SCR/DM/DM.MAIN/DM.SEX";
    let text = format!("{MARK} {}", "x".repeat(9000));
    let acts = vec![
        entered(path, &text),
        Act::QueryOpened {
            query: "q-1".into(),
            path: path.parse().unwrap(),
            text: text.clone(),
            version: 1,
        },
        Act::QueryAnswered {
            query: "q-1".into(),
            text: text.clone(),
        },
    ];
    let mut save = desk.save(&admin, acts);
    save.deeds[0].reason = Some(study::act::Reason {
        code: "other".into(),
        text: Some(MARK.into()),
    });
    file.transact(&save, &mut desk.seed).unwrap();
    look(&folder, "saved", &mut looked);
    file.keep_unfinished(path, admin.person(), &text).unwrap();
    look(&folder, "typed", &mut looked);
    let signed = signed(&mut desk, &file, &admin);
    desk.act(&mut file, &admin, vec![signed]);
    file.save_copy(&folder.join("copy.cartwright")).unwrap();
    look(&folder, "copied", &mut looked);
    // In the middle of a save: pages in the file, what they were in the journal.
    file.conn()
        .unwrap()
        .execute_batch("BEGIN IMMEDIATE; UPDATE unfinished SET text = text || text || text || text")
        .unwrap();
    look(&folder, "in the middle of a save", &mut looked);
    file.conn().unwrap().execute_batch("ROLLBACK").unwrap();
    file.reopen().unwrap();
    look(&folder, "reopened", &mut looked);
    file.close().unwrap();
    look(&folder, "closed", &mut looked);
    let elsewhere = DeviceKeys::at(&folder.join("two"), "laptop 2");
    let stamp = desk.stamp();
    let password = crate::desk::password(crate::desk::PASSWORD);
    let (mut file, admin) = SiteFile::unlock(
        &folder.join("copy.cartwright"),
        "admin",
        &password,
        &stamp,
        &mut desk.seed,
        &elsewhere,
    )
    .unwrap();
    file.continue_here(&admin, because("moved"), &stamp, &mut desk.seed)
        .unwrap();
    drop(file);
    look(&folder, "continued elsewhere", &mut looked);
    assert!(looked > 25, "{looked}");
}

/// A secret as it is looked for: never whole in this process's own memory.
struct Masked(Vec<u8>);

impl Masked {
    fn of(secret: &[u8]) -> Self {
        Self(secret.iter().map(|byte| byte ^ 0xa5).collect())
    }

    fn lies_at(&self, bytes: &[u8], at: usize) -> bool {
        bytes
            .get(at..at + self.0.len())
            .is_some_and(|window| window.iter().zip(&self.0).all(|(byte, masked)| byte ^ 0xa5 == *masked))
    }
}

/// How often each secret lies in this process's writable memory.
fn in_memory(secrets: &[(&'static str, Masked)]) -> Vec<(&'static str, usize)> {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut counts: Vec<(&'static str, usize)> = secrets.iter().map(|(name, _)| (*name, 0)).collect();
    // One buffer, of its own region: what is read into it is looked through once, and skipped when its turn comes.
    let mut buffer = vec![0; 64 << 20];
    let own = buffer.as_ptr() as u64;
    for line in maps
        .lines()
        .filter(|line| line.contains(" rw-p ") && !line.contains("[vvar"))
    {
        let Some((from, to)) = line.split(' ').next().and_then(|range| range.split_once('-')) else {
            continue;
        };
        let (from, to) = (
            u64::from_str_radix(from, 16).unwrap(),
            u64::from_str_radix(to, 16).unwrap(),
        );
        if (from..to).contains(&own) {
            continue;
        }
        let mut at = from;
        while at < to {
            let len = buffer.len().min((to - at) as usize);
            if memory.seek(SeekFrom::Start(at)).is_err() || memory.read_exact(&mut buffer[..len]).is_err() {
                break;
            }
            for (n, (_, secret)) in secrets.iter().enumerate() {
                let first = secret.0[0] ^ 0xa5;
                let places = buffer[..len].iter().enumerate().filter(|(_, byte)| **byte == first);
                counts[n].1 += places
                    .filter(|(place, _)| secret.lies_at(&buffer[..len], *place))
                    .count();
            }
            at += len as u64;
        }
    }
    counts
}

/// The part of a process of its own: opens, works, locks, and looks through its memory before and after.
#[test]
fn a_process_that_locks() {
    let Some(folder) = std::env::var_os("STORE_LOCKS") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let word = Masked(std::fs::read(folder.join("password.masked")).unwrap());
    let typed = || -> SecretString {
        let plain: Vec<u8> = word.0.iter().map(|byte| byte ^ 0xa5).collect();
        String::from_utf8(plain).unwrap().into()
    };
    let mut desk = Desk::new();
    let devices = DeviceKeys::at(&folder.join("device"), "laptop 1");
    let path = folder.join("site.cartwright");
    let stamp = desk.stamp();
    let (dek, secret, seed);
    {
        let password = typed();
        let opened = SiteFile::unlock(&path, "nurse", &password, &stamp, &mut desk.seed, &devices);
        let (mut file, nurse) = opened.unwrap();
        for n in 0..20 {
            desk.act(&mut file, &nurse, vec![entered("S-001/SCR/DM/G/A", &n.to_string())]);
        }
        let again = file.authenticate("nurse", &password, &stamp, &mut desk.seed).unwrap();
        file.save_copy(&folder.join("copy.cartwright")).unwrap();
        file.reopen().unwrap();
        dek = Masked::of(file.dek.as_slice());
        secret = Masked::of(again.keys.secret_bytes());
        seed = Masked::of(again.keys.signing_seed().unwrap().as_slice());
        let held = in_memory(&[
            ("key", Masked(dek.0.clone())),
            ("secret", Masked(secret.0.clone())),
            ("password", Masked(word.0.clone())),
        ]);
        println!("\nopen {held:?}");
        assert!(!password.expose_secret().is_empty());
        file.close().unwrap();
    }
    let hex = |masked: &Masked| {
        let text: String = masked.0.iter().map(|byte| format!("{:02x}", byte ^ 0xa5)).collect();
        let hex = Masked::of(text.as_bytes());
        drop(zeroize::Zeroizing::new(text));
        hex
    };
    let key_text = hex(&dek);
    let left = in_memory(&[
        ("key", dek),
        ("key in hex", key_text),
        ("secret", secret),
        ("seed", seed),
        ("password", word),
    ]);
    println!("\nlocked {left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn after_locking_no_key_and_no_password_is_left_in_memory() {
    let mut desk = quick_desk();
    let (mut file, nurse) = desk.with_nurse();
    let stamp = desk.stamp();
    let word = "a password that stands nowhere else";
    let (old, new) = (
        crate::desk::password(crate::desk::PASSWORD),
        crate::desk::password(word),
    );
    file.change_password(&nurse, (&old, &new), KdfCost::cheap(), &stamp, &mut desk.seed)
        .unwrap();
    file.close().unwrap();
    let folder = desk.folder.path();
    std::fs::write(folder.join("password.masked"), Masked::of(word.as_bytes()).0).unwrap();
    let said = Command::new(std::env::current_exe().unwrap())
        .args([
            "tests::secrets::a_process_that_locks",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("STORE_LOCKS", folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = |start: &str| {
        said.lines()
            .find_map(|line| line.strip_prefix(start))
            .map(str::to_owned)
    };
    let open = line("open ").unwrap_or_else(|| panic!("{said}"));
    println!("open: {open}");
    assert!(
        !open.contains("\"key\", 0") && !open.contains("\"password\", 0"),
        "nothing was looked at: {open}"
    );
    let locked = line("locked ").unwrap();
    println!("locked: {locked}");
    assert_eq!(
        locked,
        r#"[("key", 0), ("key in hex", 0), ("secret", 0), ("seed", 0), ("password", 0)]"#
    );
}
