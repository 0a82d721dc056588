//! What a session keeps: its history, its files, its prompt log.

mod archive;
mod concurrency;
mod delete;
mod downloads;
mod files;
mod history;
mod paging;
mod paths;
mod prompt_log;
mod tables;
