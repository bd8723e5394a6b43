//! How strict the door is: settings of the business.

use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_web::Network;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::IdentityError;
use crate::permissions;
use crate::sessions::Kind;

/// Where the settings lie.
pub const POLICY_KEY: &str = "identity.policy";

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Staff need a second factor.
    pub staff_second_factor: bool,
    /// Roles of staff that need none all the same.
    pub staff_roles_without: Vec<String>,
    /// Roles in a customer's team that need a second factor.
    pub team_roles_with: Vec<String>,
    /// For how many days a device can be trusted; 0: never.
    pub trusted_device_days: i64,
    /// Networks staff may come from; empty: from everywhere.
    pub staff_networks: Vec<String>,
    /// The proxy in front of the admin area that signs who comes through.
    pub proxy: Option<crate::staff_gate::ProxyGate>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            staff_second_factor: true,
            staff_roles_without: Vec::new(),
            team_roles_with: Vec::new(),
            trusted_device_days: 30,
            staff_networks: Vec::new(),
            proxy: None,
        }
    }
}

impl Policy {
    /// Whether somebody with a role, or a user with these roles in teams, needs a second factor.
    pub(crate) fn needs_second_factor(&self, kind: Kind, roles: &[String]) -> bool {
        match kind {
            Kind::Staff => {
                self.staff_second_factor && !roles.iter().all(|role| self.staff_roles_without.contains(role))
            }
            Kind::User => roles.iter().any(|role| self.team_roles_with.contains(role)),
        }
    }
}

/// The settings in force.
pub async fn policy(tx: &mut Tx) -> Result<Policy, Fault> {
    settings::get(tx, POLICY_KEY).await
}

/// Replaces the settings in the caller's transaction: for the command line and the demonstration.
pub async fn put_policy(tx: &mut Tx, policy: &Policy) -> Result<(), Fault> {
    settings::set(tx, POLICY_KEY, policy).await
}

/// Replaces the settings.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::Invalid`].
pub async fn set_policy(cx: &Cx, policy: Policy) -> Result<(), IdentityError> {
    cx.require(permissions::POLICY_EDIT)?;
    let mut wrong = Vec::new();
    if !(0..=365).contains(&policy.trusted_device_days) {
        wrong.push(FieldError::new("trusted_device_days", "Give a number of days from 0 to 365."));
    }
    for network in &policy.staff_networks {
        if let Err(not_one) = network.parse::<Network>() {
            wrong.push(FieldError::new("staff_networks", format!("{not_one}.")));
        }
    }
    if let Some(proxy) = &policy.proxy {
        wrong.extend(proxy.problem());
    }
    if !wrong.is_empty() {
        return Err(IdentityError::Invalid(wrong));
    }
    cx.write(async move |tx: &mut Tx| {
        let before: Policy = settings::get(tx, POLICY_KEY).await?;
        settings::set(tx, POLICY_KEY, &policy).await?;
        let audit = bursar_audit::Audit {
            action: permissions::POLICY_EDIT,
            subject: "settings:identity.policy",
            before: Some(json!(before)),
            after: Some(json!(policy)),
        };
        Ok(bursar_audit::record(tx, audit).await?)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_staff_need_a_second_factor_unless_their_role_is_excepted() {
        let mut policy = Policy::default();
        let owner = ["owner".to_owned()];
        assert!(policy.needs_second_factor(Kind::Staff, &owner));
        assert!(!policy.needs_second_factor(Kind::User, &owner));
        policy.staff_roles_without.push("owner".to_owned());
        assert!(!policy.needs_second_factor(Kind::Staff, &owner));
        assert!(policy.needs_second_factor(Kind::Staff, &["support".to_owned()]));
        policy.team_roles_with.push("billing".to_owned());
        assert!(policy.needs_second_factor(Kind::User, &["owner".to_owned(), "billing".to_owned()]));
    }
}
