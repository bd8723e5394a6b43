//! Resident memory of this process, as Linux tells it.

/// The most resident memory since the start or the last [`reset_peak`], in MiB; 0 where it cannot be read.
pub fn peak_resident_mb() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kib| kib / 1_024)
}

/// Forgets the peak, so that the next reading is about what follows. Quietly nothing where the kernel refuses.
pub fn reset_peak() {
    if let Err(error) = std::fs::write("/proc/self/clear_refs", "5") {
        // The figure then includes what came before: too high, never too low.
        drop(error);
    }
}
