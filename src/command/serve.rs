//! `perron serve`: the site behind its address until somebody asks it to stop.

use super::Failure;
use super::screen::{note, say};
use crate::app::App;
use crate::clock::Clock;
use crate::config::ServeArgs;
use crate::demo;
use crate::server;
use crate::site::Site;
use crate::worker::Worker;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Serves until SIGTERM or SIGINT.
pub fn run(args: &ServeArgs) -> Result<(), Failure> {
    let refused = |cause| Failure::Listen {
        address: args.listen,
        cause,
    };
    // Before anything is opened: two programs over one address stop here.
    let listener = server::bind(args.listen).map_err(refused)?;
    let address = reachable(listener.local_addr().map_err(refused)?);
    let site = Arc::new(Site::open(&args.site, Some(address), Clock::system())?);
    tell_defects(&site);
    tell(&site, address);
    if site.demo {
        tell_accounts(&site, &demo::open(&site)?);
    } else {
        demo::close(&site)?;
    }
    if site.base_url.starts_with("https://") && args.trusted_proxies.is_empty() {
        tracing::warn!(
            "served over https and no proxy is trusted: all visitors look like one, and share the limits of one (--trusted-proxies)"
        );
    }
    let app = Arc::new(App::new(vec![site], args.trusted_proxies.clone()));
    actix_web::rt::System::new().block_on(until_stopped(app, listener, args))
}

async fn until_stopped(
    app: Arc<App>,
    listener: TcpListener,
    args: &ServeArgs,
) -> Result<(), Failure> {
    let mut stop = Stop::new().map_err(Failure::Server)?;
    let worker = (!args.no_worker).then(|| Worker::new(Arc::clone(&app)).start());
    let server = server::build(app, listener, args.workers).map_err(Failure::Server)?;
    let handle = server.handle();
    let mut running = actix_web::rt::spawn(server);
    tokio::select! {
        () = stop.asked() => note("Arrêt : ce qui est en cours se termine."),
        ended = &mut running => {
            let ended = ended.map_err(std::io::Error::other).and_then(|ended| ended);
            let cause = ended.err().unwrap_or_else(|| std::io::ErrorKind::Other.into());
            return Err(Failure::Server(cause));
        }
    }
    actix_web::rt::spawn(async move {
        stop.asked().await;
        note("Arrêt immédiat.");
        std::process::exit(130);
    });
    handle.stop(true).await;
    if let Some(worker) = worker {
        worker.stop().await;
    }
    Ok(())
}

/// The two ways to ask a program to stop.
pub(super) struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    /// Listens from now on.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Answers when one of them comes.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// "Every address of this machine" is no address to type: this machine's own then.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    }
}

/// Definitions whose last good version is kept: the site serves, and somebody has to mend them.
pub(super) fn tell_defects(site: &Site) {
    let errors: Vec<_> = site.defects.iter().filter(|d| d.is_error()).collect();
    if errors.is_empty() {
        return;
    }
    note(
        "Ces définitions ne peuvent pas être publiées ; leur dernière bonne version reste en place :",
    );
    for defect in errors {
        note(defect);
    }
}

fn tell(site: &Site, address: SocketAddr) {
    say(format!("{}, {}", site.file.name, site.file.tagline));
    say(format!("Écoute sur http://{address}"));
    if site.base_url != format!("http://{address}") {
        say(format!("Adresse publique : {}", site.base_url));
    }
    say(format!("Espace des agents : {}/agent", site.base_url));
}

fn tell_accounts(site: &Site, accounts: &[demo::Account]) {
    let base = &site.base_url;
    say(format!("Courriels de la démonstration : {base}/demo/mail"));
    say(format!(
        "Comptes de démonstration, avec leur code du moment : {base}/demo"
    ));
    let width = accounts.iter().map(|a| a.email.len()).max().unwrap_or(0);
    for account in accounts {
        say(format!(
            "  {:width$}  {}  {}  {}, {}",
            account.email,
            demo::PASSWORD,
            account.secret,
            account.name,
            account.place,
        ));
    }
}
