//! The `bursar` binary; everything is in the library, so that tests can drive it in their own process.

fn main() -> std::process::ExitCode {
    bursar::run()
}
