//! What the guest can call: WASI preview 1, with the calls that take up disk space or descriptors behind
//! the run's limits, and the door.

use wasmtime::{AsContextMut as _, Caller, Engine, Extern, Linker};
use wasmtime_wasi::p1::types::{Errno, Fd};
use wasmtime_wasi::p1::wasi_snapshot_preview1::{self as wasi, WasiSnapshotPreview1 as _};
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_async};
use wiggle::GuestMemory;

use super::Guest;

const WASI: &str = "wasi_snapshot_preview1";
/// `oflags::creat`.
const CREATE: i32 = 1;

/// Everything that an image imports.
pub(in crate::python) fn linker(engine: &Engine) -> wasmtime::Result<Linker<Guest>> {
    let mut linker = Linker::new(engine);
    add_to_linker_async(&mut linker, |guest: &mut Guest| &mut guest.wasi)?;
    linker.func_wrap("host", "call", super::door::call)?;

    // Each of these replaces the plain function by one that asks the run's limits first.
    linker.allow_shadowing(true);
    linker.func_wrap_async(
        WASI,
        "fd_write",
        |mut caller: Caller<'_, Guest>, (fd, iovs, count, out): (i32, i32, i32, i32)| {
            Box::new(async move {
                let (mut memory, guest) = parts(&mut caller)?;
                let length = buffers_length(&memory, iovs, count);
                // From the current position; in append mode, where that is not where bytes go, this is
                // more than the file grows by. The quota measures again before it refuses.
                let growth = match file(&mut guest.wasi, &mut memory, fd).await {
                    Some((size, position)) => length.saturating_add(position.saturating_sub(size)),
                    None => 0,
                };
                if !guest.quota.admit_bytes(growth) {
                    return Ok(NO_SPACE);
                }
                wasi::fd_write(&mut guest.wasi, &mut memory, fd, iovs, count, out).await
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "fd_pwrite",
        |mut caller: Caller<'_, Guest>,
         (fd, iovs, count, offset, out): (i32, i32, i32, i64, i32)| {
            Box::new(async move {
                let (mut memory, guest) = parts(&mut caller)?;
                let end = (offset as u64).saturating_add(buffers_length(&memory, iovs, count));
                let size = file(&mut guest.wasi, &mut memory, fd)
                    .await
                    .map_or(end, |(size, _)| size);
                if !guest.quota.admit_bytes(end.saturating_sub(size)) {
                    return Ok(NO_SPACE);
                }
                wasi::fd_pwrite(&mut guest.wasi, &mut memory, fd, iovs, count, offset, out).await
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "fd_filestat_set_size",
        |mut caller: Caller<'_, Guest>, (fd, wanted): (i32, i64)| {
            Box::new(async move {
                let (mut memory, guest) = parts(&mut caller)?;
                let wanted_size = wanted as u64;
                let size = file(&mut guest.wasi, &mut memory, fd)
                    .await
                    .map_or(wanted_size, |(size, _)| size);
                if !guest.quota.admit_bytes(wanted_size.saturating_sub(size)) {
                    return Ok(NO_SPACE);
                }
                wasi::fd_filestat_set_size(&mut guest.wasi, &mut memory, fd, wanted).await
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "path_open",
        |mut caller: Caller<'_, Guest>,
         (fd, follow, path, length, flags, rights, inherited, fd_flags, out): (
            i32,
            i32,
            i32,
            i32,
            i32,
            i64,
            i64,
            i32,
            i32,
        )| {
            Box::new(async move {
                let (mut memory, guest) = parts(&mut caller)?;
                if !guest.descriptors.admit() {
                    return Ok(TOO_MANY_OPEN);
                }
                // A full workspace still lets a program open the files it has.
                let full = flags & CREATE != 0 && !guest.quota.admit_file();
                let flags = if full { flags & !CREATE } else { flags };
                let errno = wasi::path_open(
                    &mut guest.wasi,
                    &mut memory,
                    fd,
                    follow,
                    path,
                    length,
                    flags,
                    rights,
                    inherited,
                    fd_flags,
                    out,
                )
                .await?;
                match errno {
                    SUCCESS => guest.descriptors.opened(),
                    NOT_THERE if full => return Ok(NO_SPACE),
                    _ => {}
                }
                Ok(errno)
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "fd_close",
        |mut caller: Caller<'_, Guest>, (fd,): (i32,)| {
            Box::new(async move {
                let (mut memory, guest) = parts(&mut caller)?;
                let errno = wasi::fd_close(&mut guest.wasi, &mut memory, fd).await?;
                if errno == SUCCESS {
                    guest.descriptors.closed();
                }
                Ok(errno)
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "path_create_directory",
        |mut caller: Caller<'_, Guest>, (fd, path, length): (i32, i32, i32)| {
            Box::new(async move {
                let (mut memory, guest) = parts(&mut caller)?;
                if !guest.quota.admit_file() {
                    return Ok(NO_SPACE);
                }
                wasi::path_create_directory(&mut guest.wasi, &mut memory, fd, path, length).await
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "path_symlink",
        |mut caller: Caller<'_, Guest>,
         (old, old_length, fd, new, new_length): (i32, i32, i32, i32, i32)| {
            Box::new(async move {
                let (mut memory, guest) = parts(&mut caller)?;
                if !guest.quota.admit_file() {
                    return Ok(NO_SPACE);
                }
                wasi::path_symlink(
                    &mut guest.wasi,
                    &mut memory,
                    old,
                    old_length,
                    fd,
                    new,
                    new_length,
                )
                .await
            })
        },
    )?;
    linker.func_wrap_async(
        WASI,
        "path_link",
        |mut caller: Caller<'_, Guest>,
         (old_fd, follow, old, old_length, fd, new, new_length): (
            i32,
            i32,
            i32,
            i32,
            i32,
            i32,
            i32,
        )| {
            Box::new(async move {
                let (mut memory, guest) = parts(&mut caller)?;
                if !guest.quota.admit_file() {
                    return Ok(NO_SPACE);
                }
                wasi::path_link(
                    &mut guest.wasi,
                    &mut memory,
                    old_fd,
                    follow,
                    old,
                    old_length,
                    fd,
                    new,
                    new_length,
                )
                .await
            })
        },
    )?;
    Ok(linker)
}

const SUCCESS: i32 = Errno::Success as i32;
const NOT_THERE: i32 = Errno::Noent as i32;
/// What the program sees when the workspace is full: `OSError` with `errno.ENOSPC`.
const NO_SPACE: i32 = Errno::Nospc as i32;
/// What it sees when it has too many files open: `OSError` with `errno.EMFILE`.
const TOO_MANY_OPEN: i32 = Errno::Mfile as i32;

fn parts<'a>(
    caller: &'a mut Caller<'_, Guest>,
) -> wasmtime::Result<(GuestMemory<'a>, &'a mut Guest)> {
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else {
        return Err(wasmtime::Error::msg("the image exports no memory"));
    };
    // wasmtime bounds what one call may make the host copy; each call begins with all of it.
    let fuel = caller.as_context_mut().hostcall_fuel();
    let (bytes, guest) = memory.data_and_store_mut(caller);
    guest.wasi.set_hostcall_fuel(fuel);
    Ok((GuestMemory::Unshared(bytes), guest))
}

/// Size and position of a regular file; nothing for standard streams and folders, which take no space.
async fn file(wasi: &mut WasiP1Ctx, memory: &mut GuestMemory<'_>, fd: i32) -> Option<(u64, u64)> {
    let fd = Fd::from(fd as u32);
    let position = wasi.fd_tell(memory, fd).ok()?;
    let size = wasi.fd_filestat_get(memory, fd).await.ok()?.size;
    Some((size, position))
}

/// The bytes in an array of `ciovec`s. Out of bounds counts as nothing: the call itself will refuse it.
fn buffers_length(memory: &GuestMemory<'_>, iovs: i32, count: i32) -> u64 {
    const CIOVEC_BYTES: u32 = 8;
    const LENGTH_OFFSET: u32 = 4;
    // More than a call can hold anyway, and few enough to add up.
    let count = (count as u32).min(1024);
    (0..count)
        .map(|i| {
            let at = (iovs as u32).wrapping_add(i * CIOVEC_BYTES + LENGTH_OFFSET);
            memory
                .read(wiggle::GuestPtr::<u32>::new(at))
                .map_or(0, u64::from)
        })
        .sum()
}
