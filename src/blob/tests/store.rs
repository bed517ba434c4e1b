//! The store room and its hatch.

use super::*;
use crate::blob::intake::receive;
use chrono::{Duration, Utc};
use futures_util::stream;

/// A store in a folder that goes with it.
struct Room {
    folder: PathBuf,
    blobs: Blobs,
}

impl Room {
    fn new() -> Self {
        let name = Clock::system().new_id().0.simple().to_string();
        let folder = std::env::temp_dir().join(format!("perron-test-{name}"));
        std::fs::create_dir_all(&folder).unwrap();
        let blobs = Blobs::open(&folder).unwrap();
        Self { folder, blobs }
    }

    fn files(&self, under: &str) -> usize {
        std::fs::read_dir(self.folder.join(under)).unwrap().count()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn now() -> chrono::DateTime<Utc> {
    Clock::system().now()
}

type Chunk = Result<Bytes, &'static str>;

async fn send(room: &Room, max: Accept, chunks: Vec<Chunk>) -> Result<Stored, IntakeError> {
    receive(&room.blobs, max, "plan.exe", stream::iter(chunks)).await
}

#[test]
fn a_file_is_kept_once_under_its_digest_and_given_back() {
    let room = Room::new();
    wait(async {
        let digest = room.blobs.put(Bytes::from_static(b"abc")).await.unwrap();
        assert_eq!(
            digest.as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let path = room.folder.join("source");
        std::fs::write(&path, b"abc").unwrap();
        assert_eq!(room.blobs.put_file(path).await.unwrap(), digest);
        let path = format!("blobs/ba/78/{digest}");
        assert!(room.folder.join(path).is_file());
        assert_eq!(room.blobs.get(&digest).await.unwrap().unwrap(), "abc");
        let opened = room.blobs.open_stream(&digest).await.unwrap().unwrap();
        assert_eq!(opened.size, 3);
        let bytes: Vec<Bytes> = opened.stream.try_collect().await.unwrap();
        assert_eq!(bytes.concat(), b"abc");
        let listed: Vec<_> = room.blobs.list().try_collect().await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((&listed[0].digest, listed[0].size), (&digest, 3));
    });
}

#[test]
fn a_file_just_put_is_not_taken_away_and_an_older_one_is() {
    let room = Room::new();
    wait(async {
        let digest = room.blobs.put(Bytes::from_static(b"abc")).await.unwrap();
        let before = At::new(now() - Duration::hours(1));
        assert!(!room.blobs.delete(&digest, before).await.unwrap());
        let after = At::new(now() + Duration::hours(1));
        assert!(room.blobs.delete(&digest, after).await.unwrap());
        assert!(!room.blobs.delete(&digest, after).await.unwrap());
        assert!(room.blobs.get(&digest).await.unwrap().is_none());
        assert!(room.blobs.open_stream(&digest).await.unwrap().is_none());
    });
}

#[test]
fn a_file_altered_on_the_disk_is_not_given_for_the_one_that_was_put() {
    let room = Room::new();
    wait(async {
        let digest = room.blobs.put(Bytes::from_static(b"abc")).await.unwrap();
        let path = format!("blobs/ba/78/{digest}");
        std::fs::write(room.folder.join(path), b"abd").unwrap();
        let corrupt = room.blobs.get(&digest).await;
        assert!(matches!(corrupt, Err(BlobError::Corrupt(_))));
        room.blobs.put(Bytes::from_static(b"abc")).await.unwrap();
        assert!(room.blobs.get(&digest).await.unwrap().is_some());
    });
}

#[test]
fn an_upload_comes_in_by_chunks_and_leaves_nothing_beside_it() {
    let room = Room::new();
    let mut long = pdf();
    long.splice(9..9, vec![b' '; 700_000]);
    let chunks = long.chunks(1_000).map(|c| Ok(Bytes::copy_from_slice(c)));
    let stored = wait(send(&room, Accept::default(), chunks.collect())).unwrap();
    assert_eq!(stored.kind, Kind::Pdf);
    assert_eq!(stored.name, "plan.pdf");
    assert_eq!(stored.size, long.len() as u64);
    assert_eq!(stored.digest, Digest::of(&long));
    assert_eq!(wait(room.blobs.get(&stored.digest)).unwrap().unwrap(), long);
    assert_eq!(room.files("incoming"), 0);
}

#[test]
fn an_upload_that_is_too_large_stops_at_once_and_leaves_nothing() {
    let room = Room::new();
    wait(async {
        let mut intake = Intake::begin(&room.blobs, Accept::new([], Some(1)))
            .await
            .unwrap();
        for _ in 0..2 {
            intake.add(&vec![b'x'; 500_000]).await.unwrap();
        }
        let refused = intake.add(b"x").await;
        assert!(
            matches!(
                refused,
                Err(IntakeError::Refused(Refused::TooLarge { max: 1_000_000 }))
            ),
            "{refused:?}"
        );
        assert_eq!(room.files("incoming"), 1);
        drop(intake);
    });
    assert_eq!((room.files("incoming"), room.files("blobs")), (0, 0));
}

#[test]
fn an_upload_that_breaks_off_is_empty_or_is_refused_leaves_nothing() {
    let room = Room::new();
    let tried = |chunks| wait(send(&room, Accept::default(), chunks));
    let broken = tried(vec![Ok(Bytes::from(pdf())), Err("gone")]);
    assert!(matches!(broken, Err(IntakeError::BrokenOff)));
    let empty = tried(vec![Ok(Bytes::new())]);
    assert!(matches!(empty, Err(IntakeError::Refused(Refused::Empty))));
    let program = tried(vec![
        Ok(Bytes::from_static(b"MZ\x90\0")),
        Ok([0; 99].to_vec().into()),
    ]);
    assert!(matches!(
        program,
        Err(IntakeError::Refused(Refused::Type {
            found: Found::Program,
            ..
        }))
    ));
    assert_eq!((room.files("incoming"), room.files("blobs")), (0, 0));
}

#[test]
fn what_a_crash_left_half_way_is_swept() {
    let room = Room::new();
    std::fs::write(room.folder.join("incoming/left"), b"x").unwrap();
    let sweep = |before| room.blobs.sweep(At::new(before)).unwrap();
    assert_eq!(sweep(now() - Duration::hours(1)), 0);
    assert_eq!(sweep(now() + Duration::hours(1)), 1);
    assert_eq!(room.files("incoming"), 0);
}

#[test]
fn a_digest_is_sixty_four_small_digits() {
    let digest = Digest::of(b"abc");
    assert_eq!(Digest::parse(digest.as_str()), Some(digest));
    for strange in ["", "../../etc/passwd", &"A".repeat(64), &"é".repeat(32)] {
        assert_eq!(Digest::parse(strange), None);
    }
}
