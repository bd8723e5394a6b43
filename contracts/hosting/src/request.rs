//! What is asked for.

use bursar_outbound::Settings;

use crate::{IdempotencyKey, Password, Reference, Tag, TaskReference};

/// Which resource is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Our name of it, on the vendor's object.
    pub tag: Tag,
    /// The vendor's name of it, once known.
    pub reference: Option<Reference>,
    /// What says that an object at the vendor is this resource.
    pub origin: Origin,
}

/// What says that an object at the vendor is the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// We made it: it carries the tag.
    Made,
    /// Staff linked it to what was there before: it is the object of the reference, whatever it carries. It is never
    /// made; without a reference there is none.
    Adopted,
}

impl Resource {
    /// A resource of ours of which only the tag is known.
    pub fn tagged(tag: Tag) -> Self {
        Self { tag, reference: None, origin: Origin::Made }
    }

    /// An object of the vendor's that was there before.
    pub fn adopted(tag: Tag, reference: Reference) -> Self {
        Self { tag, reference: Some(reference), origin: Origin::Adopted }
    }

    /// With the vendor's name of it.
    #[must_use]
    pub fn at(mut self, reference: Reference) -> Self {
        self.reference = Some(reference);
        self
    }
}

/// One thing to do to a resource. All repetitions of it carry the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Stable per resource, action and generation. For vendors that know such keys; the tag is what protects.
    pub key: IdempotencyKey,
    /// Which resource.
    pub resource: Resource,
    /// The task of the last `Working`, when there was one.
    pub task: Option<TaskReference>,
}

/// What to make, whole: a change names everything again and not the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specification {
    /// The product's plan settings with the customer's options applied, as the manifest declares them.
    pub plan: Settings,
    /// Host name or domain, for drivers whose manifest uses one.
    pub name: Option<String>,
    /// For whom.
    pub customer: Customer,
    /// Made by the caller, the same in every repetition. A vendor that makes its own says so through
    /// [`SignIn`](crate::SignIn).
    pub password: Password,
    /// Addresses of our own pools, for drivers whose manifest uses them. The first is the main one.
    pub addresses: Vec<Address>,
    /// Public SSH keys in the `authorized_keys` form, one each.
    pub ssh_keys: Vec<String>,
}

/// The customer as the vendor is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Our number; the same customer is one person at the vendor.
    pub number: i64,
    /// Their mail address.
    pub email: String,
    /// Given name; may be empty.
    pub first_name: String,
    /// Family name; may be empty.
    pub last_name: String,
}

/// An address out of a pool, with its surroundings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// IPv4 or IPv6, without prefix.
    pub ip: String,
    /// The network's prefix length.
    pub prefix: u8,
    /// The network's gateway.
    pub gateway: Option<String>,
}
