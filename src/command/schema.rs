//! `perron schema`: the JSON Schema of a kind of file, so that an editor completes and checks while
//! one writes.

use super::screen::say;
use crate::definition::schema;
use clap::{Args, ValueEnum};

#[derive(Args)]
#[command(
    after_help = "Exemple : perron schema procedure > procedure.schema.json, puis, en tête d’une démarche :\n\
    # yaml-language-server: $schema=procedure.schema.json"
)]
pub(super) struct SchemaArgs {
    /// Which kind.
    #[arg(
        value_enum,
        default_value_t = Kind::Procedure,
        value_name = "SORTE",
        help = "La sorte de fichier"
    )]
    kind: Kind,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    #[value(help = "Une démarche (<institution>/<démarche>.yaml)")]
    Procedure,
    #[value(help = "Un groupe de questions (shared/groups)")]
    Group,
    #[value(help = "Un circuit (shared/workflows)")]
    Workflow,
    #[value(help = "Une liste de choix (shared/registries)")]
    Registry,
    #[value(help = "Le site (site.yaml)")]
    Site,
}

/// Prints it.
pub fn run(args: &SchemaArgs) {
    let schema = match args.kind {
        Kind::Procedure => schema::procedure_schema(),
        Kind::Group => schema::group_schema(),
        Kind::Workflow => schema::workflow_schema(),
        Kind::Registry => schema::registry_schema(),
        Kind::Site => schema::site_schema(),
    };
    say(format!("{schema:#}"));
}
