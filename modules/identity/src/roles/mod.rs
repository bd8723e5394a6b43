//! Roles: which permissions come with which. Pure, except for the roles of one's own in [`own`].
//!
//! Ready-made roles are made from what the modules declare, so a new feature is in the right hands without an edit. The
//! owner of a surface may do everything on it. A role of one's own holds exactly what was ticked.

pub(crate) mod own;

use std::collections::{BTreeMap, BTreeSet};

use bursar_app::Permission;
use bursar_web::Surface;

/// A ready-made role of staff, by the name modules use in their declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Preset {
    /// `read_only`.
    pub code: &'static str,
    /// `Read only`.
    pub label: &'static str,
    /// Who it is for.
    pub about: &'static str,
}

/// Who may do everything.
pub const OWNER: &str = "owner";

/// The ready-made roles, the owner's first.
pub const PRESETS: &[Preset] = &[
    Preset { code: OWNER, label: "Owner", about: "Everything, roles and security included." },
    Preset {
        code: "billing",
        label: "Billing",
        about: "Invoices, payments, refunds and what hangs on them.",
    },
    Preset { code: "sales", label: "Sales", about: "Customers, products, prices and orders." },
    Preset { code: "support", label: "Support", about: "Helps customers; sees what they bought and owe." },
    Preset { code: "technician", label: "Technician", about: "Services, servers and what went wrong." },
    Preset { code: "read_only", label: "Read only", about: "Sees, changes nothing." },
];

/// What a user is in a customer's team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TeamRole {
    /// Everything, the team included.
    Owner,
    /// Invoices and payment.
    Billing,
    /// Services.
    Technical,
    /// Sees, changes nothing.
    ReadOnly,
}

impl TeamRole {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Billing, Self::Technical, Self::ReadOnly];

    /// As stored and as modules name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => OWNER,
            Self::Billing => "billing",
            Self::Technical => "technical",
            Self::ReadOnly => "read_only",
        }
    }

    /// As people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Billing => "Billing",
            Self::Technical => "Technical",
            Self::ReadOnly => "Read only",
        }
    }

    /// From [`code`](Self::code).
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// The permissions of one module, for a page where roles are edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionGroup {
    /// `billing`.
    pub module: &'static str,
    /// In the order of declaration.
    pub permissions: Vec<Permission>,
}

/// What every role may do, made once from the declarations of all modules.
#[derive(Debug, Clone)]
pub struct RoleBook {
    declared: Vec<Permission>,
    presets: BTreeMap<&'static str, BTreeSet<String>>,
    team: BTreeMap<TeamRole, BTreeSet<String>>,
}

impl RoleBook {
    /// From everything the modules declare.
    pub fn new(declared: &[Permission]) -> Self {
        let held = |surface: Surface, role: &str| {
            declared
                .iter()
                .filter(|it| it.surface == surface && (role == OWNER || it.presets.contains(&role)))
                .map(|it| it.name.to_owned())
                .collect::<BTreeSet<_>>()
        };
        Self {
            declared: declared.to_vec(),
            presets: PRESETS.iter().map(|it| (it.code, held(Surface::Staff, it.code))).collect(),
            team: TeamRole::ALL.into_iter().map(|it| (it, held(Surface::Customer, it.code()))).collect(),
        }
    }

    /// What staff with a role may do. `own` are the stored permissions of a role of one's own; names that no module
    /// declares any more are left out. An unknown role may do nothing.
    pub fn of_staff(&self, role: &str, own: Option<&str>) -> BTreeSet<String> {
        match (self.presets.get(role), own) {
            (Some(held), _) => held.clone(),
            (None, Some(own)) => self.known(own.split_whitespace()),
            (None, None) => BTreeSet::new(),
        }
    }

    /// What a user of a customer may do over what is the customer's.
    pub fn of_team(&self, role: TeamRole) -> BTreeSet<String> {
        self.team[&role].clone()
    }

    /// Those of these names that staff can hold.
    pub fn known<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> BTreeSet<String> {
        let declared =
            |name: &str| self.declared.iter().any(|it| it.surface == Surface::Staff && it.name == name);
        names.into_iter().filter(|name| declared(name)).map(str::to_owned).collect()
    }

    /// Everything that can be granted on a surface, by module.
    pub fn groups(&self, surface: Surface) -> Vec<PermissionGroup> {
        let mut groups: Vec<PermissionGroup> = Vec::new();
        for permission in self.declared.iter().filter(|it| it.surface == surface) {
            let module = permission.name.split('.').next().unwrap_or_default();
            match groups.iter_mut().find(|group| group.module == module) {
                Some(group) => group.permissions.push(*permission),
                None => groups.push(PermissionGroup { module, permissions: vec![*permission] }),
            }
        }
        groups
    }

    /// How a permission is called where roles are edited.
    pub fn label(&self, name: &str) -> Option<&'static str> {
        self.declared.iter().find(|it| it.name == name).map(|it| it.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> RoleBook {
        RoleBook::new(&[
            Permission::staff("billing.invoice.view", "View invoices", &["billing", "read_only"]),
            Permission::staff("billing.invoice.void", "Void invoices", &["billing"]),
            Permission::customer("billing.portal.invoice.view", "See invoices", &["billing"]),
            Permission::staff("desk.problem.view", "See problems", &["technician"]),
        ])
    }

    fn names(set: &BTreeSet<String>) -> Vec<&str> {
        set.iter().map(String::as_str).collect()
    }

    #[test]
    fn a_role_holds_what_its_surface_declares_for_it_and_nothing_of_the_other() {
        let book = book();
        let owner = ["billing.invoice.view", "billing.invoice.void", "desk.problem.view"];
        assert_eq!(names(&book.of_staff(OWNER, None)), owner);
        assert_eq!(names(&book.of_staff("read_only", None)), ["billing.invoice.view"]);
        assert!(book.of_staff("stranger", None).is_empty());
        assert_eq!(names(&book.of_team(TeamRole::Owner)), ["billing.portal.invoice.view"]);
        assert!(book.of_team(TeamRole::Technical).is_empty());
    }

    #[test]
    fn an_own_role_holds_what_was_ticked_and_is_still_declared_for_staff() {
        let own = "desk.problem.view billing.portal.invoice.view gone.with.a.module";
        assert_eq!(names(&book().of_staff("own-7", Some(own))), ["desk.problem.view"]);
    }

    #[test]
    fn a_stored_role_of_a_preset_name_does_not_change_the_preset() {
        assert!(book().of_staff("sales", Some("desk.problem.view")).is_empty());
    }

    #[test]
    fn permissions_are_grouped_by_module_in_order() {
        let groups = book().groups(Surface::Staff);
        let shape: Vec<_> = groups.iter().map(|it| (it.module, it.permissions.len())).collect();
        assert_eq!(shape, [("billing", 2), ("desk", 1)]);
    }
}
