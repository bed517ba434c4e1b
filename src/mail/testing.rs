//! A mail server for tests, on this machine: it takes mails, or can be told to refuse them or to be
//! down. It knows nothing of the rest of the program, so that every test can take it in.

use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What the server does with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes it.
    Accept,
    /// Answers `RCPT TO` with this code: 451, 550.
    Refuse(u16),
    /// Takes the words and hangs up instead of saying so.
    HangUp,
}

/// A mail the server took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    /// Headers and body, lines parted by `\n`.
    pub data: String,
}

impl Received {
    /// The value of a header, as written, on one line.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split("\n\n").next().unwrap_or_default();
        let head = head.replace("\n ", " ").replace("\n\t", " ");
        let start = format!("{}:", name.to_lowercase());
        head.lines()
            .find(|line| line.to_lowercase().starts_with(&start))
            .map(|line| line[start.len()..].trim().to_owned())
    }
}

/// The server. Stops when it is dropped.
pub struct Sink {
    port: u16,
    shared: Arc<Mutex<Shared>>,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    manner: Manner,
    mails: Vec<Received>,
}

impl Sink {
    /// A server that takes everything, on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let shared = Arc::new(Mutex::new(Shared {
            manner: Manner::Accept,
            mails: Vec::new(),
        }));
        Self {
            port: listener.local_addr().unwrap().port(),
            listening: Some(listen(listener, Arc::clone(&shared))),
            shared,
        }
    }

    /// What `--smtp` takes.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// From now on.
    pub fn behave(&self, manner: Manner) {
        lock(&self.shared).manner = manner;
    }

    /// Every mail it took, in order.
    pub fn mails(&self) -> Vec<Received> {
        lock(&self.shared).mails.clone()
    }

    /// Goes down: open conversations end, new ones are refused.
    pub async fn stop(&mut self) {
        if let Some(task) = self.listening.take() {
            task.abort();
            drop(task.await);
        }
    }

    /// Comes back, on the same port.
    pub async fn come_back(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.listening = Some(listen(listener, Arc::clone(&self.shared)));
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(task) = self.listening.take() {
            task.abort();
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> std::sync::MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(listener: TcpListener, shared: Arc<Mutex<Shared>>) -> JoinHandle<()> {
    tokio::spawn(async move {
        // Dropped with this task, and the conversations with it.
        let mut conversations = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let shared = Arc::clone(&shared);
            conversations.spawn(async move {
                drop(converse(stream, &shared).await);
            });
        }
    })
}

async fn converse(stream: TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut mail = Received::default();
    stream.write_all(b"220 sink.example\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let manner = lock(shared).manner;
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8".to_owned(),
            "HELO" | "NOOP" => "250 ok".to_owned(),
            "RSET" | "MAIL" => {
                mail = Received {
                    from: between(line),
                    ..Received::default()
                };
                "250 ok".to_owned()
            }
            "RCPT" => {
                if let Manner::Refuse(code) = manner {
                    format!("{code} <{}> no", between(line))
                } else {
                    mail.to.push(between(line));
                    "250 ok".to_owned()
                }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                mail.data = read_data(&mut stream).await?;
                lock(shared).mails.push(std::mem::take(&mut mail));
                if manner == Manner::HangUp {
                    return Ok(());
                }
                "250 taken".to_owned()
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 unknown".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

async fn read_data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end_matches(['\r', '\n']);
        if line == "." {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(line));
        data.push('\n');
    }
}

fn between(line: &str) -> String {
    let inside = line.split_once('<').map_or("", |(_, rest)| rest);
    inside.split('>').next().unwrap_or_default().to_owned()
}
