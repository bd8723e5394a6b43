//! Suspending, resuming, removing, resizing and switching a guest. Each call looks, and does the next thing that is
//! missing.

use bursar_hosting::{Change, Operation, Password, PowerAction, Specification, Working};
use bursar_outbound::CallError;

use crate::guest::{self, Guest};
use crate::map::{self, Known};
use crate::wire::{Api, Failure, TaskEnd};
use crate::{create, settings};

/// The guest to change, or the outcome when there is nothing to do now.
enum Turn {
    Change(Box<Guest>),
    Answer(Change),
}

/// Waits for the operation's task, finds the guest, and waits for whatever else is done to it.
async fn turn(api: &Api<'_>, operation: &Operation) -> Result<Turn, CallError> {
    if let Some(task) = &operation.task {
        match api.task(task.as_str()).await? {
            TaskEnd::Running => return Ok(Turn::Answer(working(2, Some(task.as_str())))),
            // Wrong state may by now be the right one: the guest tells.
            TaskEnd::Bad(why) if map::known(&why) != Some(Known::WrongState) => {
                return Ok(Turn::Answer(Change::Failed { why }));
            }
            TaskEnd::Bad(_) | TaskEnd::Good | TaskEnd::Forgotten => {}
        }
    }
    let guests = api.guests().await?;
    let Some(guest) = guest::find(api, &guests, &operation.resource).await? else {
        return Ok(Turn::Answer(Change::Missing));
    };
    if api.is_busy(&guest.node, guest.vmid).await? {
        return Ok(Turn::Answer(working(3, None)));
    }
    Ok(Turn::Change(Box::new(guest)))
}

fn working(seconds: u64, task: Option<&str>) -> Change {
    let working = Working::again_after_seconds(seconds);
    Change::Working(match task {
        Some(task) => working.with_task(task),
        None => working,
    })
}

pub(crate) async fn suspend(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let guest = match turn(api, operation).await? {
        Turn::Change(guest) => guest,
        Turn::Answer(answer) => return Ok(answer),
    };
    // The tag goes first: a guest that is off for no known reason could not be told from one that its customer stopped.
    if !guest.words.contains(map::SUSPENDED) {
        let mut words = guest.words.clone();
        words.insert(map::SUSPENDED.to_owned());
        set_words(api, &guest, &words, "0").await?;
    }
    if !guest.is_running() {
        return Ok(Change::Done);
    }
    let options = [("timeout".to_owned(), "60".to_owned()), ("forceStop".to_owned(), "1".to_owned())];
    start_task(api, &guest, "shutdown", &options).await
}

pub(crate) async fn resume(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let guest = match turn(api, operation).await? {
        Turn::Change(guest) => guest,
        Turn::Answer(answer) => return Ok(answer),
    };
    if !guest.words.contains(map::SUSPENDED) {
        return Ok(Change::Done);
    }
    // The tag goes last, so that a resumption that was cut off goes on.
    if !guest.is_running() {
        return start_task(api, &guest, "start", &[]).await;
    }
    let mut words = guest.words.clone();
    words.remove(map::SUSPENDED);
    set_words(api, &guest, &words, "1").await?;
    Ok(Change::Done)
}

async fn set_words(
    api: &Api<'_>,
    guest: &Guest,
    words: &std::collections::BTreeSet<String>,
    onboot: &str,
) -> Result<(), CallError> {
    let mut options = vec![("tags".to_owned(), map::joined(words)), ("onboot".to_owned(), onboot.to_owned())];
    // Tags are replaced as a whole; the digest refuses when somebody else changed them since they were read.
    options.extend(guest.config.text("digest").map(|digest| ("digest".to_owned(), digest)));
    api.put::<Option<String>>(&format!("{}/config", guest.path()), &options).await?;
    Ok(())
}

/// Starts a task; that it finds the wrong state means that the state changed since it was read.
async fn start_task(
    api: &Api<'_>,
    guest: &Guest,
    action: &str,
    options: &[(String, String)],
) -> Result<Change, CallError> {
    match api.post::<String>(&format!("{}/status/{action}", guest.path()), options).await {
        Ok(task) => Ok(working(2, Some(&task))),
        Err(Failure::Known(Known::WrongState, _)) => Ok(working(1, None)),
        Err(failure) => Err(failure.into()),
    }
}

pub(crate) async fn terminate(api: &Api<'_>, operation: &Operation) -> Result<Change, CallError> {
    let guest = match turn(api, operation).await? {
        Turn::Change(guest) => guest,
        Turn::Answer(Change::Missing) => return Ok(Change::Done),
        Turn::Answer(answer) => return Ok(answer),
    };
    if guest.is_running() {
        return start_task(api, &guest, "stop", &[]).await;
    }
    let path = format!("{}?purge=1&destroy-unreferenced-disks=1", guest.path());
    match api.delete::<String>(&path).await {
        Ok(task) => Ok(working(2, Some(&task))),
        Err(Failure::Known(Known::Absent, _)) => Ok(Change::Done),
        Err(Failure::Known(Known::WrongState, _)) => Ok(working(1, None)),
        Err(Failure::Known(Known::Never, why)) => Ok(Change::Failed { why }),
        Err(failure) => Err(failure.into()),
    }
}

pub(crate) async fn resize(
    api: &Api<'_>,
    operation: &Operation,
    specification: &Specification,
) -> Result<Change, CallError> {
    let guest = match turn(api, operation).await? {
        Turn::Change(guest) => guest,
        Turn::Answer(answer) => return Ok(answer),
    };
    let plan = &specification.plan;
    let has = guest.observed().plan;
    let disk = plan.number(settings::DISK).unwrap_or_default();
    if let Some(now) = has.number(settings::DISK).filter(|now| *now > disk) {
        return Ok(Change::Failed {
            why: format!("The disk has {now} GiB and cannot shrink to {disk} GiB."),
        });
    }
    let card = guest.config.text("net0").unwrap_or_default();
    let wanted_card = map::with_rate(&card, plan.number(settings::RATE));
    let differs = |name: &str| plan.text(name) != has.text(name);
    if differs(settings::CORES) || differs(settings::MEMORY) || wanted_card != card {
        let mut options = vec![
            ("cores".to_owned(), plan.text(settings::CORES).unwrap_or("1").to_owned()),
            ("memory".to_owned(), plan.text(settings::MEMORY).unwrap_or("512").to_owned()),
        ];
        if !guest.is_container() {
            options.push(("sockets".to_owned(), "1".to_owned()));
        }
        if !card.is_empty() {
            options.push(("net0".to_owned(), wanted_card));
        }
        api.put::<Option<String>>(&format!("{}/config", guest.path()), &options).await?;
    }
    match create::grow_disk(api, specification, &guest).await? {
        Some(task) => Ok(working(2, task.as_deref())),
        None => Ok(Change::Done),
    }
}

pub(crate) async fn power(
    api: &Api<'_>,
    operation: &Operation,
    action: PowerAction,
) -> Result<Change, CallError> {
    // A restart leaves no trace in the state; its task, once it ended well, is all there is.
    if let Some(task) = operation.task.as_ref().filter(|_| action == PowerAction::Restart)
        && api.task(task.as_str()).await? == TaskEnd::Good
    {
        return Ok(Change::Done);
    }
    let guest = match turn(api, operation).await? {
        Turn::Change(guest) => guest,
        Turn::Answer(answer) => return Ok(answer),
    };
    let starts = matches!(action, PowerAction::Start | PowerAction::Restart);
    if starts && guest.words.contains(map::SUSPENDED) {
        return Ok(Change::Failed { why: "The guest is suspended.".to_owned() });
    }
    if guest.words.contains(map::BUILDING) {
        return Ok(Change::Failed { why: "The guest is still being made.".to_owned() });
    }
    let seconds = |value: &str| [("timeout".to_owned(), value.to_owned())];
    match (action, guest.is_running()) {
        (PowerAction::Start, true) | (PowerAction::Stop | PowerAction::Kill, false) => Ok(Change::Done),
        (PowerAction::Start | PowerAction::Restart, false) => start_task(api, &guest, "start", &[]).await,
        (PowerAction::Restart, true) => start_task(api, &guest, "reboot", &seconds("60")).await,
        (PowerAction::Stop, true) => {
            let [timeout] = seconds("60");
            start_task(api, &guest, "shutdown", &[timeout, ("forceStop".to_owned(), "1".to_owned())]).await
        }
        (PowerAction::Kill, true) => start_task(api, &guest, "stop", &[]).await,
    }
}

pub(crate) async fn set_password(
    api: &Api<'_>,
    operation: &Operation,
    password: &Password,
) -> Result<Change, CallError> {
    let guest = match turn(api, operation).await? {
        Turn::Change(guest) => guest,
        Turn::Answer(answer) => return Ok(answer),
    };
    if guest.is_container() {
        return Ok(Change::Failed {
            why: "A container's password can only be set from inside it.".to_owned(),
        });
    }
    let user = guest.config.text("ciuser").unwrap_or_else(|| "root".to_owned());
    let options = [
        ("username".to_owned(), user),
        ("password".to_owned(), password.expose().to_owned()),
        ("crypted".to_owned(), "0".to_owned()),
    ];
    match api.post::<serde_json::Value>(&format!("{}/agent/set-user-password", guest.path()), &options).await
    {
        Ok(_) => Ok(Change::Done),
        Err(Failure::Known(Known::NoAgent | Known::WrongState, _)) => Ok(Change::Failed {
            why: "The machine is off, or its guest agent does not run; the password is set through it."
                .to_owned(),
        }),
        Err(failure) => Err(failure.into()),
    }
}
