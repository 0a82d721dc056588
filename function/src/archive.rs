//! A session's files as a zip archive that is made while it is sent: no more of it is in memory than the part on its way.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::vec;

use api::files::FileEntry;
use api::{SessionKey, WorkspacePath};
use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, stream};
use http::{Method, StatusCode};
use http_body_util::BodyDataStream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::wasip3::http_compat::IncomingResponseBody;
use zip::result::{ZipError, ZipResult};
use zip::write::{FullFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::log;
use crate::python::{PythonService, PythonServiceError};
use crate::settings::Settings;

/// Sent at once, at least, until the end.
const PART_BYTES: usize = 64 << 10;
/// Quick: most archives are made only to be unpacked. The quickest makes what is compressed already larger. Nothing is
/// merely stored: sizes are known only at a file's end, and then some programs can't tell where that is.
const LEVEL: i64 = 2;
/// A file of more bytes than this may take more than 4 GiB in the archive, which must be said where it begins.
const LARGE_BYTES: u64 = 0xF000_0000;

/// Why an archive breaks off.
#[derive(Debug, thiserror::Error)]
enum ArchiveError {
    /// The python service gave no more.
    #[error(transparent)]
    Service(#[from] PythonServiceError),
    /// It can't be written.
    #[error("archive: {0}")]
    Zip(#[from] ZipError),
}

/// An archive under way.
struct Archive {
    settings: Arc<Settings>,
    session_id: SessionKey,
    files: vec::IntoIter<FileEntry>,
    /// Until it is finished.
    zip: Option<ZipWriter<StreamWriter<Written>>>,
    written: Written,
    /// What is left of the file that is being added.
    file: Option<BodyDataStream<IncomingResponseBody>>,
}

/// What was written and is not yet on its way.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Takes it, if it is that much.
    fn take(&self, at_least: usize) -> Option<Bytes> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (bytes.len() >= at_least.max(1)).then(|| std::mem::take(&mut *bytes).into())
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The archive of these files. Whatever goes wrong is only found on the way: then it breaks off, and no program takes
/// what came for an archive, whose directory is at its end.
pub fn body(settings: Arc<Settings>, session_id: SessionKey, files: Vec<FileEntry>) -> Body {
    let written = Written::default();
    let archive = Archive {
        settings,
        session_id,
        files: files.into_iter(),
        zip: Some(ZipWriter::new_stream(written.clone())),
        written,
        file: None,
    };
    Body::from_stream(archive.parts())
}

impl Archive {
    fn parts(self) -> impl Stream<Item = Result<Bytes, ArchiveError>> {
        stream::unfold(Some(self), |archive| async {
            let mut archive = archive?;
            match archive.next().await {
                Ok(Some(part)) => Some((Ok(part), Some(archive))),
                Ok(None) => None,
                Err(error) => {
                    log::warn(&error);
                    Some((Err(error), None))
                }
            }
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, ArchiveError> {
        while let Some(zip) = &mut self.zip {
            if let Some(part) = self.written.take(PART_BYTES) {
                return Ok(Some(part));
            }
            if let Some(file) = &mut self.file {
                let service = PythonService::new(&self.settings.python_url);
                match service.next_chunk(file).await? {
                    Some(chunk) => zip.write_all(&chunk).map_err(ZipError::from)?,
                    None => self.file = None,
                }
            } else if let Some(file) = self.files.next() {
                self.add(&file).await?;
            } else if let Some(zip) = self.zip.take() {
                zip.finish()?;
            }
        }
        Ok(self.written.take(0))
    }

    /// Begins with a file, unless it has vanished since it was listed, or has a name that no request can have.
    async fn add(&mut self, file: &FileEntry) -> Result<(), ArchiveError> {
        let Ok(path) = WorkspacePath::parse(&file.path) else {
            return Ok(());
        };
        let service = PythonService::new(&self.settings.python_url);
        let response = service
            .file(
                Method::GET,
                &self.session_id,
                &path,
                Body::empty(),
                |request| request,
            )
            .await?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(());
        }
        let response = service.accepted(response).await?;
        if let Some(zip) = &mut self.zip {
            zip.start_file(path.as_str(), options(file)?)?;
        }
        self.file = Some(response.into_body().stream());
        Ok(())
    }
}

fn options(file: &FileEntry) -> ZipResult<FullFileOptions<'static, 'static>> {
    let options = FullFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .large_file(file.info.size > LARGE_BYTES)
        .last_modified_time(modified(file.info.modified));
    // The archive's own time has no zone and even seconds; what knows this field has the true one.
    match u32::try_from(file.info.modified.as_second()) {
        Ok(seconds) => options.with_extended_timestamp(Some(seconds), None, None),
        Err(_) => Ok(options),
    }
}

/// The time in UTC; what an archive can't say is its earliest, 1980.
fn modified(at: Timestamp) -> DateTime {
    let at = at.to_zoned(TimeZone::UTC).datetime();
    let year = u16::try_from(at.year()).unwrap_or_default();
    let [month, day, hour, minute, second] =
        [at.month(), at.day(), at.hour(), at.minute(), at.second()].map(i8::unsigned_abs);
    DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default()
}
