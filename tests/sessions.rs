//! What a session keeps: its history, its files, its prompt log; and what is told of all of them.

mod archive;
mod changes;
mod concurrency;
mod delete;
mod downloads;
mod files;
mod filters;
mod history;
mod many;
mod overview;
mod paging;
mod paths;
mod prompt_log;
mod tables;
