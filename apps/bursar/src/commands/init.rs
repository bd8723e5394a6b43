//! `bursar init`: the first owner, from the command line.

use std::io::BufRead as _;
use std::process::ExitCode;

use bursar_db::Tx;
use bursar_fault::{Fault, Refusal as _};
use bursar_identity::{IdentityError, NewStaff, add_owner, has_staff};
use serde_json::json;

use super::CommandError;
use crate::cli::InitArgs;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;

/// Makes the schema and the owner. The password comes from standard input, so that it lies in no list of processes.
pub async fn run(config: &Config, args: InitArgs, output: Output) -> Result<ExitCode, CommandError> {
    let office = Office::open(config).await?;
    let cx = office.system("init");
    if cx.read(async |tx: &mut Tx| has_staff(tx).await).await? {
        let text = "somebody works here already; they can add others on the page Staff";
        return Err(CommandError::Refused(text.to_owned()));
    }
    output.say("Type the owner's password, at least 12 characters, and press Enter:");
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).map_err(|e| Fault::wrap("reading the password", e))?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let owner = NewStaff { name: args.name, email: args.email, password };
    let id = add_owner(&cx, owner).await.map_err(|error| match error {
        IdentityError::Invalid(fields) => {
            let said: Vec<_> = fields.iter().map(|it| format!("{}: {}", it.field, it.message)).collect();
            CommandError::Refused(said.join("; "))
        }
        IdentityError::Fault(fault) => CommandError::Fault(fault),
        other => CommandError::Refused(other.message()),
    })?;
    output.result(&json!({ "staff_id": id }), || {
        "The owner is made. Start `bursar serve` and sign in; a second factor is set up then.".to_owned()
    });
    Ok(ExitCode::SUCCESS)
}
