//! Browsers that ask the same page over and over, each on a connection it keeps. One thread, so that
//! the other core is the server's.

use super::measure::{Outcome, Times, wrong};
use actix_web::rt::net::TcpStream;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What a load came to.
pub struct Load {
    pub times: Times,
    pub took: Duration,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// A connection.
pub struct Browser {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A request for that address; `more` are further header lines, each with its line end.
pub fn get(address: SocketAddr, path: &str, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: figures\r\n{more}\r\n")
        .into_bytes()
}

impl Browser {
    /// Opens it.
    pub async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
        })
    }

    /// Asks and waits for the whole answer, which stays in the buffer; answers its status and where
    /// its body begins.
    async fn ask(&mut self, request: &[u8]) -> Outcome<(u16, usize)> {
        self.send(request).await?;
        self.buffer.clear();
        let mut end = None;
        loop {
            self.stream.readable().await?;
            match self.stream.try_read_buf(&mut self.buffer) {
                Ok(0) => return Err(wrong("the server hung up")),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error.into()),
            }
            if end.is_none() {
                end = Head::of(&self.buffer)?;
            }
            if let Some(head) = &end
                && head.is_whole(&self.buffer)
            {
                return Ok((head.status, head.length));
            }
        }
    }

    async fn send(&mut self, mut request: &[u8]) -> Outcome {
        while !request.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(request) {
                Ok(sent) => request = &request[sent..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The same, with a copy of the answer.
    pub async fn answer(&mut self, request: &[u8]) -> Outcome<Answer> {
        let (status, body) = self.ask(request).await?;
        Ok(Answer {
            status,
            body: self.buffer[body..].to_vec(),
        })
    }
}

struct Head {
    status: u16,
    /// Of the head, its empty line included.
    length: usize,
    /// Of the body; none when it comes in pieces.
    body: Option<usize>,
}

impl Head {
    fn of(buffer: &[u8]) -> Outcome<Option<Self>> {
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&buffer[..end]);
        let status = text.get(9..12).and_then(|status| status.parse().ok());
        let body = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let length = name.eq_ignore_ascii_case("content-length");
            length.then(|| value.trim().parse().ok())?
        });
        Ok(Some(Self {
            status: status.ok_or_else(|| wrong("no status"))?,
            length: end + 4,
            body,
        }))
    }

    fn is_whole(&self, buffer: &[u8]) -> bool {
        match self.body {
            Some(body) => buffer.len() >= self.length + body,
            None => buffer.ends_with(b"0\r\n\r\n"),
        }
    }
}

/// Asks for that long on so many connections. Anything but 200 is a failure: what is measured must be
/// the page.
pub async fn hammer(
    address: SocketAddr,
    request: &[u8],
    connections: usize,
    lasts: Duration,
) -> Outcome<Load> {
    let started = Instant::now();
    let browsers = (0..connections).map(|_| async move {
        let mut browser = Browser::open(address).await?;
        let mut times = Times::default();
        while started.elapsed() < lasts {
            let asked = Instant::now();
            let (status, _) = browser.ask(request).await?;
            times.add(asked.elapsed());
            if status != 200 {
                return Err(wrong(format!("the page answers {status}")));
            }
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(times)
    });
    let all = futures_util::future::try_join_all(browsers).await?;
    let mut times = Times::default();
    for one in all {
        times.join(one);
    }
    Ok(Load {
        times,
        took: started.elapsed(),
    })
}
