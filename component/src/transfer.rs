//! One file over HTTP: `GET`, `HEAD`, `PUT` and `DELETE /v1/sessions/{id}/files/{path}`.

use std::rc::Rc;
use std::time::{Duration, UNIX_EPOCH};

use api::error::ErrorBody;
use api::files::{FileEntry, FileInfo};
use api::{SessionKey, WorkspacePath};
use http::{HeaderMap, Method, StatusCode};
use service::download::{Download, File, Unsatisfiable};
use service::quota::Usage;
use service::request::{
    full, is_a_folder, leads_out, no_file, no_place, no_workspace, not_a_file, taken_by_a_folder,
    upload_limits,
};

use crate::catalogue::{Catalogue, Change, Entry, Stored, info};
use crate::files::{Contents, Found, Kind, Node, Numbers, Tree, find};
use crate::http::{Answer, Request};
use crate::routes::{Refused, answered, failed, with_workspace};
use crate::system::{Errno, time};
use crate::wasi::KeyValue;
use crate::workspace::{Workspace, Write};

/// Of an upload, read at once.
const PIECE_BYTES: usize = 64 << 10;

/// A file, whole or a range of it.
pub(crate) fn download(
    request: &Request,
    session: &str,
    path: &str,
    answer: Answer,
) -> Result<(), Refused> {
    let mut answer = Some(answer);
    let done = with_workspace(session, |workspace, session| {
        let path = WorkspacePath::parse(path)?;
        let found = look_up(workspace, session, &path, true)?;
        let node = found.existing().map_err(|errno| access(&path, errno))?;
        let stored = stored(node).ok_or_else(|| not_a_file(&path))?;
        let known = File {
            path: &path,
            length: stored.size,
            tag: format!("{}-{:x}", stored.id, stored.size),
            modified: Some(UNIX_EPOCH + Duration::from_millis(stored.modified.max(0) as u64)),
        };
        let answer = answer.take().expect("nobody has answered yet");
        let Download {
            status,
            headers,
            part,
        } = match service::download::download(&known, &request.headers) {
            Ok(download) => download,
            Err(Unsatisfiable {
                body,
                content_range,
            }) => {
                let mut headers = HeaderMap::new();
                headers.insert(http::header::CONTENT_RANGE, content_range);
                answer.refuse_with(headers, &body);
                return Ok(());
            }
        };
        let mut sending = answer.begin(status, headers);
        if let Some(part) = part.filter(|_| request.method != Method::HEAD) {
            let sent =
                workspace.read_part(&stored, part.start, part.end, |bytes| sending.write(bytes));
            if let Err(error) = sent {
                // The head is out; a body that is too short tells the rest.
                eprintln!("a download broke off: {error}");
            }
        }
        sending.end();
        Ok(())
    });
    match (done, answer) {
        (Err(refused), Some(answer)) => Err((answer, refused)),
        _ => Ok(()),
    }
}

/// A file appears whole, or not at all.
pub(crate) fn upload(
    request: &Request,
    session: &str,
    path: &str,
    answer: Answer,
) -> Result<(), Refused> {
    let uploaded = with_workspace(session, |workspace, _| {
        let path = WorkspacePath::parse(path)?;
        let most = upload_limits(&request.headers)?;
        let before = workspace.read().map_err(failed)?;
        let existed = before.is_some();
        let before = before.unwrap_or_default();
        let (at, old) = place_for(&tree(&before), &path)?;
        let usage = before.usage();
        let new_folders = at
            .match_indices('/')
            .map(|(end, _)| &at[..end])
            .filter(|folder| !before.entries.contains_key(*folder))
            .count() as u64;
        let others = Usage {
            bytes: usage.bytes.saturating_sub(old.unwrap_or(0)),
            files: usage.files.saturating_add(new_folders),
        };
        if old.is_none() {
            others.admit_file(most).map_err(full)?;
        }

        let mut writer = workspace.writer();
        let mut piece = vec![0; PIECE_BYTES];
        if let Some(mut body) = request.body() {
            loop {
                let refused = match body.read(&mut piece) {
                    Ok(0) => break,
                    Ok(length) => {
                        writer.write(&piece[..length]).map_err(failed)?;
                        match others.admit_bytes(writer.size(), most) {
                            Ok(()) => continue,
                            Err(limit) => full(limit),
                        }
                    }
                    Err(broke_off) => broke_off,
                };
                writer.abandon().map_err(failed)?;
                return Err(refused);
            }
        }
        let now = time::now_ms();
        let stored = writer.finish(now).map_err(failed)?;
        let change = Change::Put(Entry::File(stored.clone()));
        workspace
            .commit(
                vec![(at.clone(), Write::Plain(change))],
                existed,
                false,
                now,
            )
            .map_err(failed)?;
        let status = match old {
            Some(_) => StatusCode::OK,
            None => StatusCode::CREATED,
        };
        let entry = FileEntry {
            info: FileInfo {
                changed: true,
                ..info(path.as_str(), &stored)
            },
            path: path.into(),
        };
        Ok((status, entry))
    });
    answered(answer, uploaded, |answer, (status, entry)| {
        answer.json(status, &entry);
        Ok(())
    })
}

/// A file, or a link itself.
pub(crate) fn delete(session: &str, path: &str, answer: Answer) -> Result<(), Refused> {
    let deleted = with_workspace(session, |workspace, session| {
        let path = WorkspacePath::parse(path)?;
        let found = look_up(workspace, session, &path, false)?;
        if found
            .existing()
            .map_err(|errno| access(&path, errno))?
            .is_folder()
        {
            return Err(is_a_folder(&path));
        }
        let change = (true_path(&found), Write::Plain(Change::Remove));
        let now = time::now_ms();
        workspace
            .commit(vec![change], true, false, now)
            .map_err(failed)?;
        Ok(())
    });
    answered(answer, deleted, |answer, ()| {
        answer.nothing();
        Ok(())
    })
}

/// Follows a path in a workspace that must exist.
fn look_up(
    workspace: &Workspace<'_, KeyValue>,
    session: &SessionKey,
    path: &WorkspacePath,
    follow_last: bool,
) -> Result<Found, ErrorBody> {
    let catalogue = workspace.read().map_err(failed)?;
    let catalogue = catalogue.ok_or_else(|| no_workspace(session))?;
    let from = vec![tree(&catalogue).root];
    find(&from, path.as_str(), follow_last).map_err(|errno| access(path, errno))
}

fn tree(catalogue: &Catalogue) -> Tree {
    Tree::of(catalogue, &Numbers::default(), time::now())
}

fn stored(node: &Node) -> Option<Stored> {
    match &node.kind {
        Kind::File(contents) => match &*contents.borrow() {
            Contents::Stored(stored) => Some(stored.clone()),
            Contents::Here { stored, .. } => stored.clone(),
        },
        _ => None,
    }
}

/// Where an upload goes, links on the way followed, and the size of the file that is there.
fn place_for(tree: &Tree, path: &WorkspacePath) -> Result<(String, Option<u64>), ErrorBody> {
    let mut folder = vec![Rc::clone(&tree.root)];
    let mut rest = path.as_str();
    while let Some((part, after)) = rest.split_once('/') {
        let found = find(&folder, part, true).map_err(|errno| access(path, errno))?;
        let Some(node) = &found.node else {
            break;
        };
        if !node.is_folder() {
            return Err(access(path, Errno::Exist));
        }
        let node = Rc::clone(node);
        folder = found.place;
        if found.name.is_some() {
            folder.push(node);
        }
        rest = after;
    }
    let mut at = names(&folder);
    at.push(rest.to_owned());
    let old = match rest.contains('/') {
        true => None,
        false => {
            find(&folder, rest, false)
                .map_err(|errno| access(path, errno))?
                .node
        }
    };
    if old.as_ref().is_some_and(|node| node.is_folder()) {
        return Err(taken_by_a_folder(path));
    }
    Ok((at.join("/"), old.map(|node| node.size())))
}

/// A file's path without links.
fn true_path(found: &Found) -> String {
    let mut names = names(&found.place);
    names.extend(found.name.clone());
    names.join("/")
}

fn names(place: &[Rc<Node>]) -> Vec<String> {
    let pairs = place.windows(2);
    pairs
        .filter_map(|pair| {
            let entries = pair[0].entries().ok()?.borrow();
            let found = entries.iter().find(|(_, node)| Rc::ptr_eq(node, &pair[1]));
            found.map(|(name, _)| name.clone())
        })
        .collect()
}

/// Why a path can't be used.
fn access(path: &WorkspacePath, errno: Errno) -> ErrorBody {
    match errno {
        Errno::NoEnt | Errno::NotDir => no_file(path),
        Errno::Perm => leads_out(path),
        _ => no_place(path, errno),
    }
}
