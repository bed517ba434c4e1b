//! The tables, one description for both engines (the two migration trees are held equal to it by a test).

#![cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the table macro needs the names of all column types"
    )
)]

use super::types::{JsonDoc, Stamp, Uid};

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    procedures (id) {
        id -> Text,
        current_version -> Nullable<Uid>,
        defects -> JsonDoc,
        updated_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    versions (id) {
        id -> Uid,
        procedure_id -> Text,
        number -> Integer,
        digest -> Text,
        sources -> JsonDoc,
        published_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    drafts (id) {
        id -> Uid,
        code_hash -> Text,
        procedure_id -> Text,
        version_id -> Uid,
        language -> Text,
        answers -> JsonDoc,
        created_at -> Stamp,
        updated_at -> Stamp,
        expires_at -> Stamp,
        request_id -> Nullable<Uid>,
        revision -> Integer,
        typed -> JsonDoc,
        declined -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    requests (id) {
        id -> Uid,
        reference -> Text,
        code_hash -> Text,
        procedure_id -> Text,
        version_id -> Uid,
        title -> Text,
        kind -> Text,
        authority -> Text,
        service -> Text,
        secrecy -> Text,
        language -> Text,
        status -> Text,
        status_at -> Stamp,
        assignee -> Nullable<Uid>,
        applicant -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        answers -> JsonDoc,
        facts -> JsonDoc,
        submitted_at -> Stamp,
        updated_at -> Stamp,
        due_on -> Date,
        paused_since -> Nullable<Date>,
        pauses -> JsonDoc,
        closed_at -> Nullable<Stamp>,
        outcome -> Nullable<Text>,
        event_count -> Integer,
        head_hash -> Text,
        sealed_count -> Integer,
        answered_at -> Nullable<Stamp>,
        urgent -> Bool,
        revision -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    search_keys (request_id, word) {
        request_id -> Uid,
        word -> Text,
        service -> Text,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    attachments (id) {
        id -> Uid,
        draft_id -> Nullable<Uid>,
        request_id -> Nullable<Uid>,
        field -> Text,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    events (id) {
        id -> Uid,
        request_id -> Uid,
        seq -> Integer,
        at -> Stamp,
        actor -> Text,
        actor_id -> Nullable<Uid>,
        actor_name -> Nullable<Text>,
        kind -> Text,
        data -> JsonDoc,
        public -> Bool,
        prev_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    seals (seq) {
        seq -> BigInt,
        at -> Stamp,
        heads -> Integer,
        digest -> Text,
        prev_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    seal_heads (seal_seq, request_id) {
        seal_seq -> BigInt,
        request_id -> Uid,
        event_seq -> Integer,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    messages (id) {
        id -> Uid,
        request_id -> Uid,
        at -> Stamp,
        author -> Text,
        agent_id -> Nullable<Uid>,
        agent_name -> Nullable<Text>,
        body -> Text,
        inside -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    documents (id) {
        id -> Uid,
        request_id -> Uid,
        kind -> Text,
        template -> Text,
        title -> Text,
        code -> Text,
        data -> JsonDoc,
        issued_at -> Stamp,
        issued_by -> Nullable<Text>,
        sha256 -> Nullable<Text>,
        size -> Nullable<BigInt>,
        revoked_at -> Nullable<Stamp>,
        revoked_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    timers (id) {
        id -> Uid,
        request_id -> Uid,
        timer -> Text,
        status -> Text,
        since -> Stamp,
        due_at -> Stamp,
        done_at -> Nullable<Stamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    jobs (id) {
        id -> Uid,
        kind -> Text,
        payload -> JsonDoc,
        dedupe -> Nullable<Text>,
        authority -> Nullable<Text>,
        secrecy -> Text,
        run_at -> Stamp,
        attempts -> Integer,
        claimed_at -> Nullable<Stamp>,
        last_error -> Nullable<Text>,
        done_at -> Nullable<Stamp>,
        dead_at -> Nullable<Stamp>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    agents (id) {
        id -> Uid,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        totp_secret -> Nullable<Text>,
        totp_step -> BigInt,
        failed_count -> Integer,
        locked_until -> Nullable<Stamp>,
        disabled_at -> Nullable<Stamp>,
        created_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    memberships (agent_id, service) {
        agent_id -> Uid,
        service -> Text,
        role -> Text,
        granted_by -> Text,
        granted_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    administrations (agent_id, authority) {
        agent_id -> Uid,
        authority -> Text,
        granted_by -> Text,
        granted_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    sessions (token_hash) {
        token_hash -> Text,
        id -> Uid,
        agent_id -> Uid,
        label -> Text,
        second_factor -> Bool,
        created_at -> Stamp,
        seen_at -> Stamp,
        expires_at -> Stamp,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{JsonDoc, Stamp, Uid};

    limits (key) {
        key -> Text,
        window_start -> Stamp,
        hits -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    procedures,
    versions,
    drafts,
    requests,
    search_keys,
    attachments,
    events,
    seals,
    seal_heads,
    messages,
    documents,
    timers,
    jobs,
    agents,
    memberships,
    administrations,
    sessions,
    limits
);

diesel::joinable!(events -> requests (request_id));

diesel::joinable!(messages -> requests (request_id));

diesel::joinable!(documents -> requests (request_id));

diesel::joinable!(timers -> requests (request_id));

diesel::joinable!(memberships -> agents (agent_id));

diesel::joinable!(administrations -> agents (agent_id));

diesel::joinable!(sessions -> agents (agent_id));
