//! Who signs in: staff, and users of customers; with what rights; and limits on guessing.
//!
//! Staff hold a role, ready-made or of one's own; a user holds one in the team of each customer they act for. Tokens leave
//! this module once, when they are made; only their hashes are stored. A session is bound to the forms of its pages
//! through the hash. Every refusal of a sign-in reads the same and takes the same time, whether the address is known or
//! not. Somebody's rights are read with every request, so taking them away works at once.
//!
//! Anybody can sign up with any address. When its owner comes by something mailed there, whatever whoever signed up has set
//! up with it ends, unless they come with the same browser.
//!
//! Deliberately absent: customers. A customer is a number and a name to show.

mod api_tokens;
mod arrival;
mod authenticator;
mod browser;
mod challenges;
mod devices;
mod error;
pub mod events;
mod factors;
mod gatehouse;
mod impersonation;
mod jobs;
mod jwt;
mod limits;
mod links;
pub mod mail;
mod module;
mod oidc;
mod pages;
mod password;
mod passwords;
pub mod permissions;
mod personal;
mod policy;
mod providers;
mod reach;
mod roles;
mod sessions;
mod sign_in;
mod staff;
mod staff_gate;
mod subject;
mod team;
mod token;
mod users;

use bursar_db::{Migrations, Statement};

pub use api_tokens::{NewToken, TokenRow, create_token, delete_token, list_tokens};
pub use authenticator::SessionAuthenticator;
pub use browser::browser_name;
pub use devices::{SignInNote, sign_ins_of};
pub use error::IdentityError;
pub use factors::passkeys::{PasskeyRow, Passkeys, list_passkeys};
pub use factors::{
    Factors, NewTotp, begin_totp, confirm_totp, factors_of, remove_totp, renew_recovery_codes,
};
pub use gatehouse::Gatehouse;
pub use limits::{Limit, spend};
pub use links::{
    Handover, LINK_MINUTES, PortalLink, create_portal_link, offer_portal_link, redeem_portal_link,
};
pub use module::IdentityModule;
pub use oidc::{App, AppDraft, Audience, NewApp, add_app, list_apps, renew_secret};
pub use pages::{SIGN_IN_PAGE, enter, sign_in_page, store_session};
pub use password::{PasswordHash, hash_password, is_foreign_hash, password_problem, password_rule};
pub use passwords::send_verification;
pub use personal::people_alone;
pub use policy::{POLICY_KEY, Policy, policy, put_policy, set_policy};
pub use providers::{Provider, ProviderDraft, add_provider};
pub use reach::{Reached, reach_staff, reach_user};
pub use roles::own::{OwnRole, RoleDraft, create_role, delete_role, list as list_roles, update_role};
pub use roles::{OWNER, PRESETS, PermissionGroup, Preset, RoleBook, TeamRole};
pub use sessions::{
    Client, Kind, SESSION_HOURS, Session, SessionRow, begin_session, end_sessions_of_customer, list_sessions,
    sign_out, switch_customer,
};
pub use sign_in::{Challenged, Entry, sign_in, sign_in_user};
pub use staff::{
    NewStaff, Setup, Staff, StaffDetails, add_owner, add_staff, begin_setup, find_staff, finish_setup,
    has_staff, list_staff, update_staff,
};
pub use staff_gate::ProxyGate;
pub use subject::Subject;
pub use team::{INVITATION_DAYS, Invitation, invitations_of};
pub use users::{
    ImportedMembership, ImportedUser, Member, Membership, NewUser, User, add_membership, belongs_anywhere,
    find_user, find_user_by_email, follow_customer, import_membership, import_user, is_address, members_of,
    register_user, remove_membership, role_of, sign_up_user,
};

/// The tables of this module.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "identity",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_users" => "../migrations/0002_users.sql",
        "0003_factors" => "../migrations/0003_factors.sql",
        "0004_keys" => "../migrations/0004_keys.sql",
        "0005_lists" => "../migrations/0005_lists.sql",
        "0006_apps" => "../migrations/0006_apps.sql",
        "0007_providers" => "../migrations/0007_providers.sql",
        "0008_imported" => "../migrations/0008_imported.sql",
    )
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        api_tokens::STATEMENTS,
        arrival::STATEMENTS,
        authenticator::STATEMENTS,
        challenges::STATEMENTS,
        devices::STATEMENTS,
        factors::STATEMENTS,
        factors::passkeys::STATEMENTS,
        impersonation::STATEMENTS,
        limits::STATEMENTS,
        links::STATEMENTS,
        oidc::apps::STATEMENTS,
        oidc::keys::STATEMENTS,
        oidc::store::STATEMENTS,
        pages::STATEMENTS,
        passwords::STATEMENTS,
        personal::STATEMENTS,
        providers::links::STATEMENTS,
        providers::store::STATEMENTS,
        reach::STATEMENTS,
        roles::own::STATEMENTS,
        sessions::STATEMENTS,
        staff::STATEMENTS,
        subject::STATEMENTS,
        team::STATEMENTS,
        users::import::STATEMENTS,
        users::store::STATEMENTS,
    ]
    .concat()
}
