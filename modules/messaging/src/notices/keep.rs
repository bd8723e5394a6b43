//! How long news is kept.

use bursar_context::{Cx, settings};
use bursar_db::{Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_jobs::{Job, JobOutcome};
use bursar_web::{Setting, SettingsDocument, SettingsGroup, SettingsPage};
use serde::{Deserialize, Serialize};

use super::store::{DROP_OLD, DROP_READS};
use crate::permissions::SENDER_EDIT;

const KEY: &str = "messaging.notices";
/// Rows removed in one transaction.
const AT_ONCE: i64 = 1_000;

/// How long news is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NoticeSettings {
    /// Days; afterwards the same news can be told again.
    pub(crate) keep_days: i64,
}

impl Default for NoticeSettings {
    fn default() -> Self {
        Self { keep_days: 90 }
    }
}

impl SettingsDocument for NoticeSettings {
    const KEY: &'static str = KEY;
    const PERMISSION: &'static str = SENDER_EDIT;

    fn wrong(&self) -> Vec<FieldError> {
        let is_right = (1..=3_650).contains(&self.keep_days);
        if is_right {
            Vec::new()
        } else {
            vec![FieldError::new("keep_days", "Choose between 1 and 3,650 days.")]
        }
    }
}

pub(crate) fn settings_page() -> SettingsPage {
    let keep = vec![
        Setting::days("keep_days", "News is kept for", 1, 3_650)
            .help("With 90, what the bell told in January is gone in April. What it tells of stays."),
    ];
    let groups =
        vec![SettingsGroup::new("The bell", "News for staff and customers inside the product.", keep)];
    SettingsPage::of::<NoticeSettings>("/admin/settings/notices", "News", groups)
        .described("bell", "How long notifications are kept.")
}

/// Removes news that is old. Safe to run twice: it removes what is old now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ForgetNotices {}

impl Job for ForgetNotices {
    const KIND: &'static str = "messaging.forget_notices";
}

pub(crate) async fn forget(cx: Cx, _: ForgetNotices) -> JobOutcome {
    loop {
        let dropped = cx
            .write(async |tx: &mut Tx| {
                let kept: NoticeSettings = settings::get(tx, KEY).await?;
                let until = tx.now().plus_days(-kept.keep_days);
                tx.exec(&DROP_READS, params![until, AT_ONCE]).await?;
                tx.exec(&DROP_OLD, params![until, AT_ONCE]).await
            })
            .await;
        match dropped {
            Ok(0) => return JobOutcome::Done,
            Ok(_) => {}
            Err(fault) => return JobOutcome::from(Fault::wrap("forgetting old news", fault)),
        }
    }
}
