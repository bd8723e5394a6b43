//! The suite every hosting driver passes over its fake.
//!
//! A driver's test gives a [`Rig`] (the driver, its fake and a way to make things go wrong; [`ServerRig`] for a fake
//! that listens) and calls [`run`]. A check that fails panics with what was expected. The fake must start empty for
//! every rig, but for the plans, images and regions that it sells from.

mod blind;
mod drive;
mod lifecycle;
mod offers;
mod own;
mod rig;
mod truth;

use crate::{Sight, Vendor};
pub use own::OwnRig;
pub use rig::{ByHand, Fake, Opening, Rig, ServerRig, Trouble, specification_on};

/// Runs every check. What does not apply to a vendor follows from the manifest's word on who that is and what it shows.
/// `fresh` makes a rig with an empty fake.
pub async fn run<R: Rig, F: AsyncFn() -> R>(fresh: F) {
    truth::the_manifest_is_sound(&fresh().await);
    truth::the_connection_is_tested(&fresh().await).await;
    run_lifecycle(&fresh).await;
    match fresh().await.hosting().manifest().sight {
        Sight::Clear => {
            truth::the_eye_says_what_was_made(&fresh().await).await;
            truth::a_question_without_an_answer_is_never_absence(&fresh().await).await;
        }
        Sight::Blind => {
            blind::what_is_not_shown_is_not_said(&fresh().await).await;
            blind::what_cannot_be_told_is_not_made(&fresh().await).await;
            blind::what_was_made_unheard_is_not_made_again(&fresh).await;
        }
    }
    truth::a_server_that_is_gone_was_not_reached(fresh().await).await;
    match fresh().await.hosting().manifest().vendor {
        Vendor::Outside => truth::bad_credentials_are_said(&fresh().await).await,
        // There is nobody who could refuse them.
        Vendor::Ourselves => truth::nothing_outside_is_reached(&fresh().await).await,
    }
    offers::resizes(&fresh().await).await;
    offers::switches(&fresh().await).await;
    offers::signs_in(&fresh().await).await;
    offers::sets_passwords(&fresh().await).await;
    offers::measures(&fresh().await).await;
    offers::lists_what_things_are_made_from(&fresh().await).await;
    offers::lists_every_account(&fresh().await).await;
    offers::keeps_copies(&fresh().await).await;
    offers::starts_over(&fresh().await).await;
    offers::announces(&fresh().await).await;
    truth::nothing_secret_is_recorded(&fresh().await).await;
}

/// Runs the checks of the lifecycle alone, for a second kind of resource that a driver makes.
pub async fn run_lifecycle<R: Rig, F: AsyncFn() -> R>(fresh: F) {
    lifecycle::makes_one_per_tag(&fresh().await).await;
    lifecycle::goes_on_without_any_memory(&fresh().await).await;
    lifecycle::nothing_is_made_when_refused_or_rate_limited(&fresh().await).await;
    lifecycle::lost_answers_lead_to_one(&fresh().await).await;
    lifecycle::a_full_server_makes_nothing(&fresh().await).await;
    if fresh().await.hosting().manifest().vendor == Vendor::Outside {
        // What we remember ourselves is all ours.
        lifecycle::strangers_are_left_alone(&fresh().await).await;
        lifecycle::what_was_adopted_is_ours(&fresh().await).await;
    }
    lifecycle::suspends_and_resumes(&fresh().await).await;
    lifecycle::terminates(&fresh().await).await;
}
