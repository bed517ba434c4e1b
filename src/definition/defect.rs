//! What can be wrong with a definition, said to the clerk who wrote it: the file, the line, what is
//! wrong in plain words, and what was probably meant.
//!
//! Each kind has a name that never changes (`later-answer`), so that a test, a decision or a message
//! can point at it.

use std::fmt;

/// How much a defect weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It cannot be published.
    Error,
    /// It can be published; someone should look at it.
    Warning,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The file it stands in: `commune/composition-de-menage.yaml`.
    pub file: String,
    /// The line, from 1; 0 when it concerns the whole file.
    pub line: u32,
    /// What kind of defect it is.
    pub kind: DefectKind,
    /// What is wrong, in French, for a clerk.
    pub message: String,
    /// What to do about it, when that can be guessed.
    pub suggestion: Option<String>,
    /// The procedures it spoils, by file (a defect of a shared group spoils all that use it).
    /// Empty: it spoils the site file or a shared file alone.
    pub concerns: Vec<String>,
}

impl Defect {
    /// A defect at a line of a file. Spaces before `:` `;` `!` `?` and inside « » are made
    /// unbreakable here, so that messages are written with plain ones.
    pub fn new(file: &str, line: u32, kind: DefectKind, message: impl AsRef<str>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            kind,
            message: unbreakable(message.as_ref()),
            suggestion: None,
            concerns: Vec::new(),
        }
    }

    /// The same, with advice.
    pub fn suggest(mut self, advice: impl AsRef<str>) -> Self {
        self.suggestion = Some(unbreakable(advice.as_ref()));
        self
    }

    /// The same, with "Voulez-vous dire … ?" when a name close to `written` exists.
    pub fn did_you_mean<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(written, known) {
            Some(name) => self.suggest(format!("Voulez-vous dire « {name} » ?")),
            None => self,
        }
    }

    /// The same, said to spoil that procedure's file.
    pub fn concerning(mut self, procedure: &str) -> Self {
        if !self.concerns.iter().any(|file| file == procedure) {
            self.concerns.push(procedure.to_owned());
        }
        self
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// True when it forbids publication.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }

    /// True for the same thing said twice, of a shared file used by two procedures.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        (self.line, self.kind, &self.file, &self.message)
            == (other.line, other.kind, &other.file, &other.message)
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {} [{}]", self.message, self.kind.name())?;
        if let Some(advice) = &self.suggestion {
            write!(f, "\n    → {advice}")?;
        }
        Ok(())
    }
}

/// Sorts by place and says each thing once, with every procedure it spoils.
pub(crate) fn tidy(defects: Vec<Defect>) -> Vec<Defect> {
    let mut tidied: Vec<Defect> = Vec::with_capacity(defects.len());
    for defect in defects {
        match tidied.iter_mut().find(|said| said.says_the_same(&defect)) {
            Some(said) => {
                let all = defect.concerns.iter();
                *said = all.fold(said.clone(), |said, file| said.concerning(file));
            }
            None => tidied.push(defect),
        }
    }
    tidied.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    tidied
}

/// The known name that looks most like `written`, if any looks enough like it.
pub(crate) fn closest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(written, name), name))
        .filter(|(distance, name)| *distance <= allowed(written, name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// One slip for three letters, and at least one.
fn allowed(written: &str, name: &str) -> usize {
    let letters = written.chars().count().max(name.chars().count());
    (letters / 3).max(1)
}

/// French wants a space that does not break before tall punctuation and inside quotes.
fn unbreakable(text: &str) -> String {
    let mut made = text.replace("« ", "«\u{a0}").replace(" »", "\u{a0}»");
    for mark in [":", ";", "!", "?", "€"] {
        made = made.replace(&format!(" {mark}"), &format!("\u{a0}{mark}"));
    }
    made
}

/// Declares the kinds once: variant, name, weight, documentation.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $severity:ident,)+) => {
        /// What kind of defect it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum DefectKind {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl DefectKind {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name, which never changes.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// How much it weighs.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }
        }
    };
}

kinds! {
    // ---- reading files
    /// The file is not YAML.
    NotYaml "not-yaml" Error,
    /// The file, or what its references unfold to, is larger than a definition ever is.
    TooLarge "too-large" Error,
    /// A key that does not exist there.
    UnknownKey "unknown-key" Error,
    /// A key that must be there is not.
    MissingKey "missing-key" Error,
    /// The same key is written twice.
    DuplicateKey "duplicate-key" Error,
    /// A value that cannot stand there: a number for a text, a type of question that does not exist.
    WrongValue "wrong-value" Error,
    /// A file is not called as its id, or stands where no definition stands.
    FileName "file-name" Error,
    /// There is no `site.yaml`.
    MissingSite "missing-site" Error,
    /// A shared group, registry or workflow it uses cannot be read.
    BrokenPart "broken-part" Error,
    /// A shared group that does not exist.
    UnknownGroup "unknown-group" Error,
    /// A group that holds itself, or a group inside a group's items.
    NestedGroup "nested-group" Error,
    /// A registry that does not exist.
    UnknownRegistry "unknown-registry" Error,
    /// A shared workflow that does not exist.
    UnknownWorkflow "unknown-workflow" Error,

    // ---- expressions
    /// An expression that cannot be read.
    BrokenExpression "broken-expression" Error,
    /// An expression reads a name that does not exist.
    UnknownName "unknown-name" Error,
    /// An expression calls a function that does not exist.
    UnknownFunction "unknown-function" Error,
    /// A choice is compared with an option it does not have.
    UnknownOption "unknown-option" Error,
    /// A choice is compared with the label of an option instead of its id.
    LabelCompared "label-compared" Error,
    /// An expression mixes or gives values of the wrong type.
    WrongType "wrong-type" Error,
    /// An expression reads an answer that is not known yet at its place.
    LaterAnswer "later-answer" Error,
    /// A page whose condition can never hold.
    UnreachablePage "unreachable-page" Error,
    /// A question whose condition can never hold.
    UnreachableField "unreachable-field" Error,
    /// An option whose condition can never hold.
    UnreachableOption "unreachable-option" Error,

    // ---- ids and questions
    /// The same id twice where ids must differ.
    DuplicateId "duplicate-id" Error,
    /// An id that is left out, or that expressions and addresses could not hold.
    BadId "bad-id" Error,
    /// Words that must be shown are left out.
    MissingLabel "missing-label" Error,
    /// A key that does not suit the type of the question, or a part it cannot do without.
    UnsuitedKey "unsuited-key" Error,
    /// A choice without options.
    NoOptions "no-options" Error,
    /// The least allowed is above the greatest.
    LeastAboveGreatest "least-above-greatest" Error,
    /// A type of file that is not accepted anywhere.
    UnknownFileType "unknown-file-type" Error,
    /// A part that a person or an address does not have.
    UnknownPart "unknown-part" Error,
    /// A sensitive question does not say why it is asked.
    NoReason "no-reason" Error,
    /// An attribute that is a number in one option and a text in another, or is missing in one.
    UnevenAttribute "uneven-attribute" Error,
    /// A page check stands beside a question that its page does not have.
    UnknownField "unknown-field" Error,

    // ---- workflow
    /// A status that does not exist.
    UnknownStatus "unknown-status" Error,
    /// A transition that does not exist.
    UnknownTransition "unknown-transition" Error,
    /// A status that no request ever comes to.
    UnreachableStatus "unreachable-status" Error,
    /// A status from which a request never ends.
    DeadEnd "dead-end" Error,
    /// A transition nobody may take, or whose condition can never hold.
    NobodyTakes "nobody-takes" Error,
    /// A transition leaves a final status.
    FinalLeft "final-left" Error,
    /// Timers that take a request round in a circle without anyone.
    TimerLoop "timer-loop" Error,
    /// A timer takes a transition that does not leave from its status, or is not open to `system`.
    TimerStuck "timer-stuck" Error,
    /// The citizen is asked something and has no way to answer.
    AskedInVain "asked-in-vain" Error,
    /// An action names a mail that does not exist.
    UnknownMail "unknown-mail" Error,
    /// An action names a document that the procedure does not issue.
    UnknownDocument "unknown-document" Error,

    // ---- who receives it, what it costs, why it is kept
    /// Answers that no route takes: there is no default service.
    NoRoute "no-route" Error,
    /// A route that never receives anything.
    UnreachableRoute "unreachable-route" Error,
    /// A service that does not exist.
    UnknownService "unknown-service" Error,
    /// A service of another authority than the procedure's.
    ForeignService "foreign-service" Error,
    /// An authority that does not exist.
    UnknownAuthority "unknown-authority" Error,
    /// A procedure that does not exist.
    UnknownProcedure "unknown-procedure" Error,
    /// A line of the fee that is never counted.
    UnreachableFee "unreachable-fee" Error,
    /// A fee that can be negative.
    NegativeFee "negative-fee" Error,
    /// No legal basis is given.
    NoLegalBasis "no-legal-basis" Error,
    /// No purpose is given.
    NoPurpose "no-purpose" Error,
    /// It is not said how long requests are kept.
    NoRetention "no-retention" Error,

    // ---- letters
    /// The text of a document cannot be read as a template.
    BrokenTemplate "broken-template" Error,
    /// The text of a document names a value that does not exist.
    UnknownValue "unknown-value" Error,

    // ---- settings and examples
    /// A day of closure that cannot be kept: it has no reason, or there are too many.
    BadClosure "bad-closure" Error,
    /// The site gives a value to a setting that does not exist.
    UnknownSetting "unknown-setting" Error,
    /// A setting's value is not of its type.
    WrongSetting "wrong-setting" Error,
    /// A setting the site must give, and does not.
    MissingSetting "missing-setting" Error,
    /// A setting that nothing reads.
    DeadSetting "dead-setting" Warning,
    /// A procedure without any example.
    NoExample "no-example" Warning,
    /// An example does not come out as it says. A commune with other prices or postal codes than those an
    /// example was written for must still open: it is told, not refused.
    WrongExample "wrong-example" Warning,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_name() {
        let mut names: Vec<_> = DefectKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), DefectKind::ALL.len());
    }

    #[test]
    fn a_slip_of_the_pen_is_understood_and_a_stranger_is_not() {
        let known = ["label", "hint", "options"];
        assert_eq!(closest("lable", known), Some("label"));
        assert_eq!(closest("option", known), Some("options"));
        assert_eq!(closest("colour", known), None);
    }

    #[test]
    fn a_defect_of_a_shared_file_is_said_once_for_all_who_use_it() {
        let at = |procedure: &str| {
            Defect::new("shared/groups/a.yaml", 3, DefectKind::BadId, "x").concerning(procedure)
        };
        let tidied = tidy(vec![at("commune/a.yaml"), at("cpas/b.yaml")]);
        assert_eq!(tidied.len(), 1);
        assert_eq!(tidied[0].concerns, ["commune/a.yaml", "cpas/b.yaml"]);
    }
}
