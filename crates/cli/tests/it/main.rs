//! The program from outside: real files, a real database, the real child process.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod attacks;
mod city;
mod commands;
mod crash;
mod database;
mod enumerate;
mod exchange;
mod formats;
mod guide;
mod http;
mod legal;
mod link;
mod open_data;
mod person;
mod provider;
mod sheets;
mod web_accidents;
mod web_account;
mod web_aman;
mod web_award;
mod web_board;
mod web_check;
mod web_cities;
mod web_complaints;
mod web_coverage;
mod web_dci;
mod web_desk;
mod web_enrol;
mod web_findings;
mod web_foreman;
mod web_gate;
mod web_imports;
mod web_letters;
mod web_mail;
mod web_manage;
mod web_map;
mod web_matches;
mod web_meeting;
mod web_rights;
mod web_roster;
mod web_sign_on;
mod web_slip;
mod web_surge;
mod web_training;
mod web_webhook;
mod web_whatif;
mod web_worklist;
mod world;

#[path = "../../../store/tests/fresh/mod.rs"]
mod fresh;
