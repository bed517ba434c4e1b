//! The web server: the application behind a socket, within limits. The command that serves and the
//! tests build the same one. It knows sockets and patience; what is answered is `web`'s.

use crate::app::App;
use crate::web;
use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::{Compress, Next, NormalizePath, from_fn};
use actix_web::{Error, HttpServer};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// Until the head of a request has arrived. Its size is bounded by the framework: 128 kB, 96 headers.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// Until a whole request has been received and answered: twenty megabytes over a slow telephone fit.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long an idle connection is kept for the next page.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long running requests may take to finish once the program is asked to stop.
const LAST_WORDS: u64 = 20;
/// Most connections of one thread.
const CONNECTIONS: usize = 4_096;
/// Files kept free for databases, blobs and logs.
const OTHER_FILES: usize = 256;

/// Takes the address. Port 0 takes a free one.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address)
}

/// The server of that application on that socket, running once it is awaited. It does not listen to
/// signals: whoever holds its handle stops it.
pub fn build(app: Arc<App>, listener: TcpListener, workers: usize) -> io::Result<Server> {
    let workers = workers.clamp(1, 256);
    let data = actix_web::web::Data::from(app);
    let server = HttpServer::new(move || {
        // The last one wrapped is the first to see a request.
        actix_web::App::new()
            .app_data(data.clone())
            .wrap(from_fn(within_patience))
            .wrap(from_fn(web::door::pass))
            .wrap(Compress::default())
            .wrap(NormalizePath::trim())
            .wrap(from_fn(web::door::still))
            .configure(web::map)
    })
    .workers(workers)
    .max_connections(connections(workers))
    .client_request_timeout(HEAD_PATIENCE)
    .keep_alive(KEEP_ALIVE)
    .tcp_nodelay(true)
    .shutdown_timeout(LAST_WORDS)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

/// A body that trickles in, or is never read, ends after [`PATIENCE`]. What asks for the head alone is
/// answered as if it asked for the page: the framework leaves the body out.
async fn within_patience(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    match tokio::time::timeout(PATIENCE, next.call(request)).await {
        Ok(answer) => answer,
        Err(_) => Err(actix_web::error::ErrorRequestTimeout("")),
    }
}

/// Connections a thread may hold without using up the files the system lets us open.
fn connections(workers: usize) -> usize {
    let files = std::fs::read_to_string("/proc/self/limits")
        .ok()
        .and_then(|text| open_files(&text));
    files.map_or(CONNECTIONS, |files| {
        (files.saturating_sub(OTHER_FILES) / workers).clamp(64, CONNECTIONS)
    })
}

/// The soft limit in the words of `/proc/self/limits`.
fn open_files(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_open_files_is_read_from_the_system() {
        let text = "Limit                     Soft Limit           Hard Limit           Units\n\
                    Max processes             63203                63203                processes\n\
                    Max open files            1024                 524288               files\n";
        assert_eq!(open_files(text), Some(1024));
        assert_eq!(open_files("Max open files unlimited unlimited files"), None);
        assert_eq!(open_files(""), None);
    }
}
