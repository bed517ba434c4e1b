//! The machine's own limit for a page: the framework, one thread, one handler, the same bytes from
//! memory. This program started again with the word `bare`.

use super::measure::{Outcome, wrong};
use super::table::say;
use actix_web::http::header::ContentType;
use actix_web::{App, HttpResponse, HttpServer, web};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The word that makes this program such a server.
pub const WORD: &str = "bare";

/// Serves the bytes of that file until it is killed.
pub fn serve(file: &str) -> Outcome {
    let bytes = web::Bytes::from(std::fs::read(file)?);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || {
        let bytes = bytes.clone();
        App::new().default_service(web::to(move || {
            let bytes = bytes.clone();
            async move {
                HttpResponse::Ok()
                    .insert_header(ContentType::html())
                    .body(bytes)
            }
        }))
    })
    .workers(1)
    .tcp_nodelay(true)
    .disable_signals()
    .listen(listener)?;
    say(address);
    actix_web::rt::System::new().block_on(server.run())?;
    Ok(())
}

/// Such a server, in a process of its own.
pub struct Bare {
    child: Child,
    pub address: SocketAddr,
}

impl Bare {
    /// Starts it with those bytes, which are kept in `folder` meanwhile.
    pub fn start(folder: &Path, bytes: &[u8]) -> Outcome<Self> {
        let file = folder.join("bare.html");
        std::fs::write(&file, bytes)?;
        let mut child = Command::new(std::env::current_exe()?)
            .arg(WORD)
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().ok_or_else(|| wrong("no output"))?;
        BufReader::new(out).read_line(&mut line)?;
        Ok(Self {
            address: line.trim().parse()?,
            child,
        })
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
