//! `payung dci`: asks another registry whether somebody is enrolled, at once or with an answer that comes by itself.

use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, DciArgs};
use app::desk::Desk;
use app::{Fault, Refused, clock};
use outward::{Failed, Target, post};
use phrases::say_named;
use serde_json::{Value, json};
use std::time::Duration;

fn header(action: &str, sender: &str, uri: &str) -> Result<Value, Fault> {
    Ok(json!({
        "version": "1.0.0",
        "message_id": app::desk::hex(&Desk::token()?[..16]),
        "message_ts": clock::now(),
        "action": action,
        "sender_id": sender,
        "sender_uri": uri,
        "total_count": 1,
        "is_msg_encrypted": false,
    }))
}

/// Reads the number from standard input: it stands in no argument.
fn number() -> Result<String, Fault> {
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed).map_err(|e| Fault(e.to_string()))?;
    Ok(typed.trim().to_owned())
}

pub(crate) fn run(cli: &Cli, args: &DciArgs) -> Result<Done, Fault> {
    let l = cli.language();
    let no = |key: &str, why: &str| Ok(refuse(&Refused(say_named(l, key, &[("why", why)]))));
    let key = match &args.key_file {
        None => String::new(),
        Some(path) => {
            std::fs::read_to_string(path).map_err(|e| Fault(format!("{}: {e}", path.display())))?.trim().to_owned()
        }
    };
    let nik = number()?;
    if kernel::id::Nik::parse(&nik).is_err() {
        return no("dci-no-nik", "");
    }
    let transaction = app::desk::hex(&Desk::token()?[..16]);
    let (path, message) = if args.callback.is_some() {
        ("search", search(args, &nik, &transaction)?)
    } else {
        ("sync/enrolled", enrolled(args, &nik, &transaction)?)
    };
    let url = format!("{}/registry/{path}", args.url.trim_end_matches('/'));
    let Ok(target) = Target::parse(&url, args.private) else { return no("dci-bad-url", &args.url) };
    let bearer = format!("Bearer {key}");
    let headers: &[(&str, &str)] = if key.is_empty() { &[] } else { &[("authorization", &bearer)] };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|e| Fault(e.to_string()))?;
    // Listens before it asks: an answer may be there before the acknowledgement.
    let waiting = match &args.listen {
        None => None,
        Some(address) => {
            let listener =
                runtime.block_on(tokio::net::TcpListener::bind(address)).map_err(|e| Fault(e.to_string()))?;
            let most = Duration::from_secs(args.wait);
            Some(runtime.spawn(web::wait::for_answer(listener, transaction.clone(), most)))
        }
    };
    let answer: Value = match post(&target, headers, message.to_string().as_bytes()) {
        Ok((200..=299, body)) => serde_json::from_slice(&body).unwrap_or_default(),
        Ok((status, _)) => return no("dci-refused", &status.to_string()),
        Err(Failed::NoAddress) => return no("dci-bad-url", &args.url),
        Err(Failed::Unreachable(why)) => return no("dci-unreachable", &why),
    };
    let told = match waiting {
        None => verdict(
            &answer["message"]["enrolled_response"][0]["status"],
            &answer["message"]["enrolled_response"][0]["enrolled_status"],
        ),
        Some(waiting) => {
            if answer["message"]["ack_status"] != "ACK" {
                return no("dci-refused", "no ACK");
            }
            let came = runtime.block_on(waiting).map_err(|e| Fault(e.to_string()))?;
            let Some(message) = came.map_err(|e| Fault(e.to_string()))? else { return no("dci-no-answer", "") };
            let one = &message["message"]["search_response"][0];
            let active = one["data"]["reg_records"][0]["enrolment_status"] == "Active";
            verdict(&one["status"], &json!(if active { "yes" } else { "no" }))
        }
    };
    if args.json {
        print_json(&json!({ "enrolled": told, "transaction": transaction }))?;
    } else {
        print_lines(&[say_named(l, &format!("dci-{told}"), &[])])?;
    }
    Ok(Done::Well)
}

/// `yes`, `no`, or `unknown` for anything that is not a plain answer.
fn verdict(status: &Value, enrolled: &Value) -> &'static str {
    match (status.as_str(), enrolled.as_str()) {
        (Some("succ"), Some("yes")) => "yes",
        (Some("succ"), Some("no")) => "no",
        _ => "unknown",
    }
}

fn enrolled(args: &DciArgs, nik: &str, transaction: &str) -> Result<Value, Fault> {
    Ok(json!({
        "header": header("enrolled", &args.sender, "")?,
        "message": {
            "transaction_id": transaction,
            "enrolled_criteria": {
                "query_type": "expression",
                "query": {
                    "person_identifier": { "eq": nik },
                    "programme_identifier.program.programme_identifier": { "eq": args.programme },
                },
            },
        },
    }))
}

fn search(args: &DciArgs, nik: &str, transaction: &str) -> Result<Value, Fault> {
    Ok(json!({
        "header": header("search", &args.sender, args.callback.as_deref().unwrap_or_default())?,
        "message": {
            "transaction_id": transaction,
            "search_request": [{
                "reference_id": "1",
                "timestamp": clock::now(),
                "search_criteria": {
                    "version": "1.0.0",
                    "query_type": "idtype-value",
                    "query": { "type": "NIK", "value": nik },
                },
            }],
        },
    }))
}
