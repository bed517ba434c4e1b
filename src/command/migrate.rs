//! `perron migrate`: the schema brought up to date, or taken away. `serve` and `work` do the first by
//! themselves; this is for doing it beforehand, and for looking.

use super::screen::say;
use super::{Failure, existing};
use crate::config::SiteArgs;
use crate::db::{Error, migrate};
use clap::Args;

#[derive(Args)]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    site: SiteArgs,

    /// Take every table away.
    #[arg(
        long,
        help = "Retire toutes les tables, et tout ce qu’elles contiennent"
    )]
    down: bool,

    /// Say that one means it.
    #[arg(
        long,
        requires = "down",
        help = "Confirme --down : sans elle, rien n’est retiré"
    )]
    yes: bool,
}

/// Migrates and names what ran.
pub fn run(args: &MigrateArgs) -> Result<(), Failure> {
    if args.down && !args.yes {
        say("--down efface tout. Rien n’a été fait ; ajoutez --yes pour le confirmer.");
        return Err(Failure::Said);
    }
    let url = if args.down {
        existing(&args.site)?
    } else {
        args.site.prepare()?;
        args.site.url()?
    };
    let mut conn = url
        .connect()
        .map_err(|error| Error::Unreachable(error.to_string()))?;
    let (ran, verb) = if args.down {
        (migrate::down(&mut conn)?, "Retiré")
    } else {
        (migrate::up(&mut conn)?, "Appliqué")
    };
    if ran.is_empty() {
        say("La structure de la base est à jour.");
    }
    for name in ran {
        say(format!("{verb} : {name}"));
    }
    Ok(())
}
