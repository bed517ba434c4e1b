//! `perron work`: the jobs without the web, for an installation of several processes.

use super::Failure;
use super::screen::{note, say};
use super::serve::{Stop, tell_defects};
use crate::app::App;
use crate::clock::Clock;
use crate::config::SiteArgs;
use crate::site::Site;
use crate::worker::Worker;
use clap::Args;
use std::sync::Arc;

#[derive(Args)]
pub(super) struct WorkArgs {
    #[command(flatten)]
    site: SiteArgs,
}

/// Works until SIGTERM or SIGINT; a job under way is finished first.
pub fn run(args: &WorkArgs) -> Result<(), Failure> {
    let site = Arc::new(Site::open(&args.site, None, Clock::system())?);
    tell_defects(&site);
    say(format!("Travail de fond de {}", site.file.name));
    let app = Arc::new(App::new(vec![site], Vec::new()));
    actix_web::rt::System::new().block_on(async {
        let mut stop = Stop::new().map_err(Failure::Server)?;
        let worker = Worker::new(app).start();
        stop.asked().await;
        note("Arrêt : ce qui est en cours se termine.");
        worker.stop().await;
        Ok(())
    })
}
