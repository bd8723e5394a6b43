//! Staff and users as lists, and the users of one customer on the customer's page.

use bursar_db::{Tx, params};
use bursar_web::{
    Button, Cell, Column, Filter, Lens, PanelAsk, PanelButton, PanelView, Reading, Resource, Sort, paths,
};

use crate::permissions::{ROLE_EDIT, STAFF_CREATE, STAFF_VIEW, USER_VIEW};
use crate::users;

/// What a role is called: one's own has a name, a ready-made one is called by its code.
const ROLE: &str = "COALESCE((SELECT r.name FROM identity_roles AS r WHERE r.code = s.role),
    UPPER(SUBSTR(s.role, 1, 1)) || REPLACE(SUBSTR(s.role, 2), '_', ' '))";

bursar_db::statements! {
    /// The users whose address begins so.
    pub(crate) USERS = "SELECT id FROM identity_users WHERE email >= $1 AND email < $2 ORDER BY email LIMIT $3";
    /// The staff whose address or name holds the text; there are few.
    pub(crate) STAFF = "SELECT id FROM identity_staff WHERE email {like} $1 ESCAPE '!' OR name {like} $1 ESCAPE '!'
        ORDER BY id LIMIT $2";
}

pub(super) fn staff() -> Resource {
    Resource::new("staff", "Staff", paths!("/admin/staff"), STAFF_VIEW)
        .described("users", "Who works here, and what they may do.")
        .in_nav("Office", 800)
        .from("identity_staff AS s", "s.id")
        .opens("/admin/staff/")
        .columns(vec![
            Column::text("name", "Name", "s.name").opens().note("s.email"),
            Column::text("role", "Role", ROLE),
            Column::text("department", "Department", "s.department"),
            Column::instant("seen", "Last sign-in", "s.last_sign_in_at"),
            Column::badge("status", "Status", "s.status"),
            Column::text("phone", "Phone", "s.phone").extra(),
            Column::instant("since", "Since", "s.created_at").sorts("newest").extra(),
        ])
        .filters(vec![Filter::exact("role", "Role, such as billing", "s.role")])
        .sorts(vec![Sort::text("name", "Name", "s.name")])
        .lenses(vec![
            Lens::new("", "All", "", &["name", "newest"]),
            Lens::new("active", "Active", "s.status = 'active'", &["name"]),
            Lens::new("blocked", "Blocked", "s.status = 'blocked'", &["name"]),
        ])
        .search("Name or e-mail", find_staff)
        .button(Button { label: "Roles", icon: "lock", href: "/admin/roles", permission: ROLE_EDIT })
        .button(Button {
            label: "Add somebody",
            icon: "plus",
            href: "/admin/staff/new",
            permission: STAFF_CREATE,
        })
        .empty("Nobody works here", "The first member of staff is made when Bursar is set up.")
}

pub(super) fn users_of_customers() -> Resource {
    Resource::new("users", "Users", paths!("/admin/users"), USER_VIEW)
        .described("user", "Who signs in for customers. One person can act for several.")
        .in_nav("Customers", 120)
        .from("identity_users AS u", "u.id")
        .columns(vec![
            Column::text("email", "E-mail", "u.email"),
            Column::text("name", "Name", "u.name"),
            Column::number(
                "customers",
                "Customers",
                "(SELECT COUNT(*) FROM identity_memberships AS m WHERE m.user_id = u.id)",
            ),
            Column::number("last", "Acted last for", "u.last_customer_id").to("/admin/customers/"),
            Column::instant("seen", "Last sign-in", "u.last_sign_in_at"),
            Column::badge("status", "Status", "u.status"),
            Column::instant("verified", "Address confirmed", "u.email_verified_at").extra(),
            Column::instant("since", "Since", "u.created_at").sorts("newest").extra(),
        ])
        .sorts(vec![Sort::text("email", "E-mail", "u.email")])
        .lenses(vec![
            Lens::new("", "All", "", &["newest", "email"]),
            Lens::new("blocked", "Blocked", "u.status = 'blocked'", &["newest"]),
        ])
        .search("E-mail", find_users)
        .empty("No users yet", "Users appear when somebody signs in for a customer, or is invited to a team.")
}

fn find_staff(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let letters = text.trim().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = format!("%{letters}%");
        tx.query(&STAFF, params![&pattern, limit], |row| row.get(0)).await
    })
}

fn find_users(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let from = text.trim().to_lowercase();
        let to = format!("{from}\u{10ffff}");
        tx.query(&USERS, params![&from, &to, limit], |row| row.get(0)).await
    })
}

/// The users of a customer, for the customer's page.
pub(super) fn of_customer(tx: &mut Tx, ask: PanelAsk) -> Reading<'_, PanelView> {
    Box::pin(async move {
        let mut view = PanelView::new("Nobody signs in for this customer yet.");
        for member in users::members_of(tx, ask.id).await? {
            let seen = if member.user.is_active { String::new() } else { "blocked".to_owned() };
            let name = if member.user.name.is_empty() { &member.user.email } else { &member.user.name };
            let cell = Cell::text(name.clone()).note(if seen.is_empty() {
                member.user.email.clone()
            } else {
                format!("{}, {seen}", member.user.email)
            });
            view = view.fact(member.role.label(), cell);
        }
        Ok(view.button(PanelButton {
            label: "Team",
            icon: "users",
            href: format!("/admin/customers/{}/team", ask.id),
            permission: USER_VIEW,
        }))
    })
}
