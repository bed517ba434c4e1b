//! A draft: a request that is not sent yet. It saves itself, is opened by a code that is link and code
//! at once, is kept thirty days after its last change, and keeps the version it was begun with.

use super::stored::Pages;
use crate::db::schema::{attachments, drafts};
use crate::db::{At, Conn, Id, Stored, Tx};
use crate::form::{Answers, Typed};
use crate::job::{self, Job, Origin};
use crate::secret::{Code, Key, Purpose};
use crate::site::shelf::Published;
use chrono::Duration;
use diesel::prelude::*;

/// How long a draft is kept after its last change.
pub const KEPT: Duration = Duration::days(30);

/// A draft as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = drafts)]
pub struct Draft {
    pub id: Id,
    code_hash: String,
    pub procedure_id: String,
    pub version_id: Id,
    pub language: String,
    answers: Stored<Answers>,
    pub created_at: At,
    pub updated_at: At,
    pub expires_at: At,
    /// The request it became.
    pub request_id: Option<Id>,
    pub revision: i32,
    typed: Stored<Pages>,
    /// The newer version its owner was offered and did not want.
    pub declined: Option<Id>,
}

/// What a code finds.
#[derive(Debug)]
pub enum Found {
    /// A draft that can be filled in.
    Open(Box<Draft>),
    /// It was sent: this is the request it became.
    Sent(Id),
    /// Nothing, or something that expired.
    Nothing,
}

impl Draft {
    /// Begins a draft of the current version.
    pub fn begin(
        tx: &mut Tx,
        key: &Key,
        published: &Published,
        language: &str,
    ) -> QueryResult<Self> {
        let id = tx.new_id();
        let draft = Self {
            id,
            code_hash: key.code(Purpose::Draft, id).hash(),
            procedure_id: published.procedure().id.to_string(),
            version_id: published.version,
            language: language.to_owned(),
            answers: Stored(Answers::new()),
            created_at: tx.now(),
            updated_at: tx.now(),
            expires_at: At::new(tx.now().0 + KEPT),
            request_id: None,
            revision: 0,
            typed: Stored(Pages::default()),
            declined: None,
        };
        diesel::insert_into(drafts::table)
            .values(&draft)
            .execute(tx.conn())?;
        Ok(draft)
    }

    /// What that code opens now.
    pub fn find(conn: &mut Conn, code: &Code, now: At) -> QueryResult<Found> {
        let draft: Option<Self> = drafts::table
            .filter(drafts::code_hash.eq(code.hash()))
            .select(Self::as_select())
            .first(conn)
            .optional()?;
        Ok(match draft {
            Some(Self {
                request_id: Some(request),
                ..
            }) => Found::Sent(request),
            Some(draft) if draft.expires_at > now => Found::Open(Box::new(draft)),
            _ => Found::Nothing,
        })
    }

    /// The code that opens it.
    pub fn code(&self, key: &Key) -> Code {
        key.code(Purpose::Draft, self.id)
    }

    /// The answers so far.
    pub fn answers(&self) -> Answers {
        self.answers.0.clone()
    }

    /// What was typed on a page that could not be left, to be shown again exactly so.
    pub fn typed(&self, page: &str) -> Option<Typed> {
        Typed::from_json(self.typed.0.0.get(page)?)
    }

    /// Notes what was typed on a page, or that it was left in order. It is kept with the answers.
    pub fn note_typed(&mut self, page: &str, typed: Option<&Typed>) {
        let pages = &mut self.typed.0.0;
        pages.remove(page);
        if let Some(typed) = typed {
            pages.insert(page.to_owned(), typed.to_json());
        }
    }

    /// Keeps answers over the very ones they were made from, and the version that was chosen; `false` when
    /// somebody saved in the meantime, or the draft was sent or taken away.
    pub fn keep_unless_overtaken(&mut self, tx: &mut Tx, answers: &Answers) -> QueryResult<bool> {
        let read = drafts::table
            .find(self.id)
            .filter(drafts::request_id.is_null())
            .filter(drafts::revision.eq(self.revision));
        self.answers = Stored(answers.clone());
        self.updated_at = tx.now();
        self.expires_at = At::new(tx.now().0 + KEPT);
        self.revision += 1;
        // On PostgreSQL a second caller waits here and then finds another revision.
        let kept = diesel::update(read)
            .set((
                drafts::answers.eq(&self.answers),
                drafts::typed.eq(&self.typed),
                drafts::version_id.eq(self.version_id),
                drafts::declined.eq(self.declined),
                drafts::updated_at.eq(self.updated_at),
                drafts::expires_at.eq(self.expires_at),
                drafts::revision.eq(self.revision),
            ))
            .execute(tx.conn())?;
        Ok(kept == 1)
    }

    /// Goes over to a newer version of its procedure. Every answer stays as it is stored: the form judges it
    /// again, and what is no longer asked is only not sent. It is kept with the answers.
    pub fn renew(&mut self, version: Id) {
        self.version_id = version;
        self.declined = None;
    }

    /// Stays with its version though there is that newer one, which is not offered again. It is kept with
    /// the answers.
    pub fn decline(&mut self, version: Id) {
        self.declined = Some(version);
    }

    /// Sends the link to an address its owner gave.
    pub fn mail_link(&self, tx: &mut Tx, to: &str, origin: &Origin) -> QueryResult<()> {
        let job = Job::MailDraft {
            draft: self.id,
            to: to.to_owned(),
        };
        let now = tx.now();
        job::enqueue(tx, &job, origin, now, None)
    }

    /// Takes the draft away, at its owner's wish. Its files go with the next tidying.
    pub fn discard(&self, tx: &mut Tx) -> QueryResult<()> {
        diesel::delete(attachments::table.filter(attachments::draft_id.eq(self.id)))
            .execute(tx.conn())?;
        let open = drafts::table
            .find(self.id)
            .filter(drafts::request_id.is_null());
        diesel::delete(open).execute(tx.conn())?;
        Ok(())
    }
}

/// The draft of that id, for the jobs of the program.
pub fn for_system(conn: &mut Conn, id: Id) -> QueryResult<Option<Draft>> {
    drafts::table
        .find(id)
        .select(Draft::as_select())
        .first(conn)
        .optional()
}

/// Takes away drafts past their time, some at a time; answers how many.
pub fn tidy(tx: &mut Tx, most: i64) -> QueryResult<usize> {
    let past: Vec<Id> = drafts::table
        .filter(drafts::request_id.is_null())
        .filter(drafts::expires_at.le(tx.now()))
        .limit(most)
        .select(drafts::id)
        .load(tx.conn())?;
    diesel::delete(
        attachments::table.filter(attachments::draft_id.eq_any(past.iter().copied().map(Some))),
    )
    .execute(tx.conn())?;
    diesel::delete(drafts::table.filter(drafts::id.eq_any(&past))).execute(tx.conn())
}
