//! CPU time and memory of a process and its children, as `/proc` tells them.

use std::{collections::HashMap, fs, time::Duration};

use anyhow::{Context as _, Result};

/// Ticks of a second in `/proc/PID/stat` (`USER_HZ`), the same on every architecture of Debian's.
const TICKS: u64 = 100;

/// User and system time of `pid`, all its threads, and its children, those that ended and were waited for included.
pub(crate) fn cpu(pid: u32) -> Result<Duration> {
    let ticks: u64 = family(pid).into_iter().filter_map(ticks_of).sum();
    anyhow::ensure!(fs::exists(format!("/proc/{pid}"))?, "process {pid} is gone");
    Ok(Duration::from_millis(ticks * 1000 / TICKS))
}

/// Memory in use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    /// Resident, bytes.
    pub(crate) resident: u64,
    /// Its proportional share, bytes: what it shares with others is divided among them.
    pub(crate) proportional: u64,
}

/// Memory of `pid` and its children, from `smaps_rollup`.
pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let mut sum = Memory::default();
    for member in family(pid) {
        let text = fs::read_to_string(format!("/proc/{member}/smaps_rollup"));
        let text = text.with_context(|| format!("memory of process {member}"))?;
        sum.resident += kilobytes(&text, "Rss:") * 1024;
        sum.proportional += kilobytes(&text, "Pss:") * 1024;
    }
    Ok(sum)
}

fn kilobytes(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// `pid` and all below it.
fn family(pid: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(member) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Some(parent) = fields(member).and_then(|fields| fields.get(1)?.parse().ok()) {
            children.entry(parent).or_default().push(member);
        }
    }
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(member) = found.get(next) {
        found.extend(children.get(member).into_iter().flatten().copied().collect::<Vec<_>>());
        next += 1;
    }
    found
}

/// What follows the program's name in `/proc/PID/stat`; the name itself may hold anything.
fn fields(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(after_name(&text)?.split_whitespace().map(str::to_owned).collect())
}

fn after_name(text: &str) -> Option<&str> {
    Some(text.rsplit_once(')')?.1)
}

/// utime, stime, cutime and cstime: the 14th to 17th field, counted with the two before the state.
fn ticks_of(pid: u32) -> Option<u64> {
    Some(fields(pid)?.get(11..15)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_works_is_seen_working_and_one_that_is_gone_is_told() {
        let pid = std::process::id();
        let (before, begun) = (cpu(pid).unwrap(), std::time::Instant::now());
        let mut sum = 0_u64;
        while begun.elapsed() < Duration::from_millis(150) {
            sum = sum.wrapping_mul(31).wrapping_add(7);
        }
        assert!(std::hint::black_box(sum) != 1 && cpu(pid).unwrap() > before);
        assert!(memory(pid).unwrap().resident >= memory(pid).unwrap().proportional / 2);
        assert!(cpu(u32::MAX / 2).is_err());
    }

    #[test]
    fn a_name_with_spaces_and_brackets_does_not_move_the_fields() {
        assert_eq!(after_name("7 (a) b (c) S 1 2"), Some(" S 1 2"));
    }

    #[test]
    fn children_are_counted_in() {
        let mut child = std::process::Command::new("sleep").arg("5").spawn().unwrap();
        assert!(family(std::process::id()).contains(&child.id()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
