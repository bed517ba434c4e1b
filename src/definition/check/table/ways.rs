//! Workflows that strand a request.

use super::super::fixture::WORKFLOW;
use super::{Case, K, case};

pub const CASES: &[Case] = &[
    case(
        K::UnknownStatus,
        WORKFLOW,
        "to: waiting",
        "to: waitng",
        "« waiting »",
    ),
    case(
        K::UnknownTransition,
        WORKFLOW,
        "take: expire",
        "take: expires",
        "« expire »",
    ),
    case(
        K::UnreachableStatus,
        WORKFLOW,
        "to: waiting",
        "to: received",
        "",
    )
    .at(WORKFLOW, "- id: waiting"),
    case(K::DeadEnd, WORKFLOW, "    final: refused\n", "", "final").at(WORKFLOW, "- id: refused"),
    case(K::NobodyTakes, WORKFLOW, "by: [head]", "by: []", "by:"),
    case(
        K::NobodyTakes,
        WORKFLOW,
        "guard: request.fee >= 0",
        "guard: answers.adult == null",
        "",
    ),
    case(
        K::FinalLeft,
        WORKFLOW,
        "from: [waiting]\n    to: expired",
        "from: [waiting, done]\n    to: expired",
        "",
    ),
    case(K::TimerLoop, WORKFLOW, "to: expired", "to: waiting", "").at(WORKFLOW, "- id: no-answer"),
    case(K::TimerStuck, WORKFLOW, "take: expire", "take: issue", ""),
    case(
        K::AskedInVain,
        WORKFLOW,
        "by: [citizen]",
        "by: [agent]",
        "citizen",
    )
    .at(WORKFLOW, "- id: waiting"),
    case(
        K::UnsuitedKey,
        WORKFLOW,
        "main: true\n",
        "main: true\n    take: true\n",
        "« Prendre »",
    ),
    case(
        K::UnsuitedKey,
        WORKFLOW,
        "by: [citizen]\n",
        "by: [citizen]\n    done: La réponse est envoyée.\n",
        "told",
    ),
    case(
        K::UnknownMail,
        WORKFLOW,
        "mail: issued",
        "mail: isued",
        "« issued »",
    ),
    case(
        K::UnknownDocument,
        WORKFLOW,
        "issue: all",
        "issue: certificat",
        "« certificate »",
    ),
];
