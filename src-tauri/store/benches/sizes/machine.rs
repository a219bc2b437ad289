//! What the machine says of this process. Linux alone tells; elsewhere nothing is said.

fn status(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// Forgets the peak of memory; answer: what is held now, MB.
pub(crate) fn begin_peak() -> Option<f64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    status("VmRSS")
}

/// How far memory went beyond that, MB. What was used and given back before may be used again unseen: the least that it can be.
pub(crate) fn grown(before: f64) -> Option<f64> {
    Some(status("VmHWM")? - before)
}

/// Seconds of the processor that this process has used, in all its threads.
pub(crate) fn busy() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut after = stat.rsplit(") ").next()?.split(' ').skip(11);
    let (user, system): (f64, f64) = (after.next()?.parse().ok()?, after.next()?.parse().ok()?);
    Some((user + system) / 100.0)
}

/// How busy the machine was in the last minute: figures of a busy one say little.
pub(crate) fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("unknown").to_owned()
}
