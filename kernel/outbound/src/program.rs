//! Programs of the operator's that are started for one question and read it from their standard input.
//!
//! A program sees nothing of this process but what it is given: its environment is made anew, so that no key of the
//! server's own reaches it, and secrets go in by standard input only, never as arguments, which every user of the machine
//! can read. It leads a process group of its own, which is killed whole when its time is over or nobody waits any more.

use std::io::{Read, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use zeroize::Zeroizing;

use crate::hide::Hider;
use crate::record::{Exchange, cut};
use crate::{Call, CallError};

/// How much of each stream is kept.
const MOST_OUTPUT: usize = 8 * 1024 * 1024;

/// One run of a program.
#[derive(Clone, Copy)]
pub struct Program<'a> {
    /// Which.
    pub path: &'a Path,
    /// What it reads; the end of the input follows.
    pub input: &'a [u8],
    /// What is recorded instead of the input, which holds secrets.
    pub shown: &'a str,
    /// What must not be recorded, beside the account's credentials.
    pub secrets: &'a [&'a str],
    /// Whether the output must not be recorded: it lets in whoever reads it.
    pub output_is_secret: bool,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramEnd {
    /// Its exit status.
    pub status: i32,
    /// Its output, as far as it was kept.
    pub output: Vec<u8>,
    /// Its messages, redacted.
    pub messages: String,
    /// Whether more was written than is kept.
    pub is_cut: bool,
}

impl Program<'_> {
    /// Runs it to its end within the call's time. One that cannot be started is `NotSent`; one that was killed, by us
    /// or by somebody else, has an unknown outcome.
    pub async fn run(self, call: &Call) -> Result<ProgramEnd, CallError> {
        let secrets: Vec<_> = self.secrets.iter().map(|s| Zeroizing::new((*s).to_owned())).collect();
        let hider = Hider::new(call.credentials(), &secrets);
        let (at, before) = (call.now(), call.elapsed());
        let outcome = match call.remaining() {
            Some(left) => match tokio::time::timeout(left, self.execute(&hider)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(CallError::Unknown(format!("no end within {} s", call.timeout().as_secs()))),
            },
            None => Err(CallError::NotSent("the time for this call was over before it was sent".to_owned())),
        };
        if let Some(recorder) = call.recorder() {
            let (status, answer, failure) = match &outcome {
                Ok(end) if self.output_is_secret && end.status == 0 => {
                    (u32::try_from(end.status).ok(), format!("({} bytes, not kept)", end.output.len()), None)
                }
                Ok(end) => {
                    let said = format!("{}\n{}", hider.body(&end.output), end.messages);
                    (u32::try_from(end.status).ok(), said.trim().to_owned(), None)
                }
                Err(error) => (None, String::new(), Some(error.to_string())),
            };
            recorder.record(Exchange {
                at,
                method: "run".to_owned(),
                host: "this machine".to_owned(),
                path: self.path.display().to_string(),
                status,
                duration: call.elapsed().saturating_sub(before),
                request: cut(&hider.body(self.shown.as_bytes())),
                answer: cut(&answer),
                failure,
            });
        }
        outcome
    }

    async fn execute(self, hider: &Hider) -> Result<ProgramEnd, CallError> {
        let child = self.start().map_err(|error| {
            CallError::NotSent(format!("{} cannot be started: {error}", self.path.display()))
        })?;
        let group = Arc::new(Group::of(&child));
        let _killed_when_dropped = KillWhenDropped(Arc::clone(&group));
        let input = Zeroizing::new(self.input.to_vec());
        let ended = tokio::task::spawn_blocking(move || attend(child, &group, &input)).await;
        let lost = |why: String| CallError::Unknown(hider.text(&why));
        let streams = ended
            .map_err(|error| lost(error.to_string()))?
            .map_err(|error| lost(format!("its end was not seen: {error}")))?;
        let messages = hider.text(&String::from_utf8_lossy(&streams.messages.kept));
        let Some(status) = streams.status.code() else {
            let signal = streams.status.signal().unwrap_or_default();
            return Err(lost(format!("it was killed by signal {signal}: {}", messages.trim())));
        };
        let is_cut = streams.output.is_cut || streams.messages.is_cut;
        Ok(ProgramEnd { status, output: streams.output.kept, messages, is_cut })
    }

    fn start(&self) -> std::io::Result<Child> {
        Command::new(self.path)
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LANG", "C.UTF-8")
            .current_dir(self.path.parent().unwrap_or(Path::new("/")))
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

/// A program's process group, for as long as its leader has not been reaped: afterwards its number may be another's.
struct Group(Mutex<Option<Pid>>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(Mutex::new(Some(Pid::from_child(child))))
    }

    fn kill(&self) {
        let pid = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = *pid
            && kill_process_group(pid, Signal::KILL).is_err()
        {
            // Nobody is left in it, which is what was wanted.
        }
    }

    fn reap(&self, child: &mut Child) -> std::io::Result<std::process::ExitStatus> {
        let mut pid = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *pid = None;
        child.wait()
    }
}

struct KillWhenDropped(Arc<Group>);

impl Drop for KillWhenDropped {
    fn drop(&mut self) {
        self.0.kill();
    }
}

struct Streams {
    status: std::process::ExitStatus,
    output: Kept,
    messages: Kept,
}

#[derive(Default)]
struct Kept {
    kept: Vec<u8>,
    is_cut: bool,
}

/// Feeds a program, reads what it says and waits for its end. What it leaves running in its group is killed then: it
/// would hold the streams open.
fn attend(mut child: Child, group: &Group, input: &[u8]) -> std::io::Result<Streams> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let pid = Pid::from_child(&child);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            if let Some(mut stdin) = stdin
                && stdin.write_all(input).is_err()
            {
                // A program that does not want to read everything has said all it needs by closing it.
            }
        });
        let output = scope.spawn(|| stdout.map(read_all).unwrap_or_default());
        let messages = scope.spawn(|| stderr.map(read_all).unwrap_or_default());
        while let Err(error) = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        group.kill();
        let status = group.reap(&mut child)?;
        let read = |kept: std::thread::Result<Kept>| kept.unwrap_or_default();
        Ok(Streams { status, output: read(output.join()), messages: read(messages.join()) })
    })
}

fn read_all(mut stream: impl Read) -> Kept {
    let mut all = Kept::default();
    let mut part = [0_u8; 8_192];
    loop {
        match stream.read(&mut part) {
            Ok(0) => return all,
            Ok(length) => {
                let room = MOST_OUTPUT.saturating_sub(all.kept.len()).min(length);
                all.kept.extend_from_slice(&part[..room]);
                all.is_cut |= room < length;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            // A stream that broke has no more to say; the status tells the rest.
            Err(_) => return all,
        }
    }
}
