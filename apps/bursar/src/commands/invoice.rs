//! `bursar invoice pdf`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use bursar_db::Tx;
use bursar_fault::Fault;
use serde::Serialize;

use super::CommandError;
use crate::cli::InvoicePdfArgs;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;

#[derive(Serialize)]
struct Written {
    invoice: String,
    file: PathBuf,
    bytes: usize,
}

/// Writes one document as PDF.
pub async fn pdf(config: &Config, args: InvoicePdfArgs, output: Output) -> Result<ExitCode, CommandError> {
    let office = Office::open(config).await?;
    let cx = office.system("invoice pdf");
    let wanted = args.invoice.clone();
    let found = cx
        .read(async move |tx: &mut Tx| {
            let Some(id) = bursar_billing::invoices::store::find_by_name(tx, &wanted).await? else {
                return Ok(None);
            };
            bursar_billing::invoices::page::document_data(tx, id).await.map(Some)
        })
        .await
        .map_err(|fault: Fault| CommandError::Fault(fault))?;
    let Some(data) = found else {
        let why = format!("there is no invoice {:?}: give its number as printed, or its id", args.invoice);
        return Err(CommandError::Refused(why));
    };
    let typesetter = bursar_pdf::Typesetter::new();
    let bytes = bursar_billing::document::render_document(&typesetter, &data)
        .map_err(|e| Fault::wrap("typesetting the document", e))?;
    let file = args
        .output
        .unwrap_or_else(|| PathBuf::from(format!("{}.pdf", data.number.replace(['/', '\\'], "-"))));
    if file.as_os_str() == "-" {
        std::io::stdout().write_all(&bytes).map_err(|e| Fault::wrap("writing to standard output", e))?;
        return Ok(ExitCode::SUCCESS);
    }
    std::fs::write(&file, &bytes).map_err(|e| Fault::wrap(format!("writing {}", file.display()), e))?;
    let written = Written { invoice: data.number.clone(), file, bytes: bytes.len() };
    output.result(&written, || format!("{} ({} bytes)", written.file.display(), written.bytes));
    Ok(ExitCode::SUCCESS)
}
