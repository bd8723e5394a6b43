//! The `bursar` binary; everything is in the library, so that tests can drive it in their own process.

/// Pages and imports are made of many small strings, and the system's allocator takes a sixth of their time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    bursar::run()
}
