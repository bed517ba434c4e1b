//! Why nothing happened, in the words agents read. The one place of these sentences.

use crate::definition::workflow::Role;

/// An action that is not taken. The request stands where it stood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The workflow has no transition of that id.
    #[error(
        "Cette action n’existe pas pour cette démarche. Rechargez la page pour voir les actions possibles."
    )]
    UnknownTransition { transition: String },
    /// The workflow has no status of that id.
    #[error("L’état «\u{a0}{status}\u{a0}» n’existe pas dans le circuit de cette démarche.")]
    UnknownStatus { status: String },
    /// It does not leave from where the request stands; `label` is that status in agents' words.
    #[error(
        "Cette action n’est plus possible\u{a0}: la demande est à l’état «\u{a0}{label}\u{a0}». Quelqu’un l’a peut-être déjà traitée."
    )]
    NotFromHere { status: String, label: String },
    /// That role may not take it.
    #[error("Cette action n’est pas ouverte {}.", to_whom(*.role))]
    NotYours { role: Role },
    /// Its guard does not hold for this request.
    #[error("Cette demande ne remplit pas la condition de cette action.")]
    GuardFailed { transition: String },
    /// The request is over.
    #[error("Cette demande est clôturée\u{a0}: elle ne peut plus être modifiée.")]
    Closed,
    /// A required question of the small form has no answer.
    #[error("Répondez à la question «\u{a0}{label}\u{a0}» pour continuer.")]
    SmallFormIncomplete { field: String, label: String },
    /// A status cannot be forced without saying why.
    #[error("Indiquez la raison\u{a0}: elle figurera dans l’historique de la demande.")]
    ReasonMissing,
    /// The request is already in the status one wants to force.
    #[error("La demande est déjà dans cet état.")]
    AlreadyThere,
}

fn to_whom(role: Role) -> &'static str {
    match role {
        Role::Citizen => "au citoyen",
        Role::Agent => "à un agent du service",
        Role::Head => "à la direction du service",
        Role::System => "au programme",
    }
}
