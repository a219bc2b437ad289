#![allow(warnings)]
#[path = "../tests/all/desk.rs"] mod desk;
use std::time::Instant;
fn main() {
    let mut d = desk::Desk::new();
    let (mut file, nurse) = d.with_nurse();
    // ground: 20k items
    let n: usize = std::env::args().nth(1).map(|a| a.parse().unwrap()).unwrap_or(20000);
    for c in 0..n/200 { let acts=(0..200).map(|i| desk::entered(&format!("S-{:03}/SCR/DM/G[{}]/IT.EM{}", c%50, c/50+2, i), "value 12345")).collect(); d.act(&mut file,&nurse,acts); }
    let mut bare = store::bench_support::Bare::create(&d.folder.path().join("bare")).unwrap();
    let body = "x".repeat(400);
    let (mut a, mut b) = (vec![], vec![]);
    for i in 0..600 {
        let t=Instant::now(); bare.save_one(&body).unwrap(); a.push(t.elapsed());
        let save = d.save(&nurse, vec![desk::entered(&format!("S-{:03}/SCR/DM/G[{}]/IT.EM{}", i%50, 2, i%200), "value 999")]);
        let t=Instant::now(); file.transact(&save,&mut d.seed).unwrap(); b.push(t.elapsed());
    }
    a.sort(); b.sort(); println!("bare p50 {:?} p95 {:?}; save p50 {:?} p95 {:?}", a[300],a[570],b[300],b[570]);
    let t=Instant::now(); let items=file.items_of_subject("S-001").unwrap(); println!("items {} {:?}", items.len(), t.elapsed());
    let t=Instant::now(); let e=file.entries_of_subject("S-001").unwrap(); println!("entries {} {:?}", e.len(), t.elapsed());
    let t=Instant::now(); let e=file.history(&items[5].path).unwrap(); println!("history {} {:?}", e.len(), t.elapsed());
    let t=Instant::now(); let r=store::check(&file,&mut |_,_,_|()).unwrap(); println!("check {} {} {} {:?}", r.sound(), r.entries, r.saves, t.elapsed());
    let t=Instant::now(); file.save_copy(&d.folder.path().join("copy")).unwrap(); println!("copy {:?}", t.elapsed());
    let t=Instant::now(); file.close().unwrap(); println!("close {:?}", t.elapsed());
    let t=Instant::now(); d.unlock("nurse").unwrap(); println!("unlock {:?}", t.elapsed());
}
