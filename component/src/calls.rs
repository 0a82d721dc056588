//! The calls that the interpreter imports: addresses in its memory, to and from [`System`].
//!
//! A call that ends the program does not come back: [`interpreter::leave`] unwinds to where the turn began. It is called
//! when nothing is borrowed, and nothing here needs to be dropped.

use std::cell::RefCell;

use crate::interpreter::{self, read, write};
use crate::system::descriptors::Listed;
use crate::system::io::Whence;
use crate::system::open::How;
use crate::system::paths::FileStatus;
use crate::system::time::Awaited;
use crate::system::{Errno, System, time};

thread_local! {
    static SYSTEM: RefCell<Option<System>> = const { RefCell::new(None) };
}

/// Longer paths are refused, as natively.
const MAX_PATH_BYTES: u32 = 4095;
/// `lookupflags::symlink_follow`.
const FOLLOW: u32 = 1;
/// `rights` of everything: what may be done is decided when it is done.
const ALL_RIGHTS: u64 = (1 << 30) - 1;

/// Gives the interpreter a system, runs it, and takes the system back.
pub(crate) fn with(system: System, run: impl FnOnce()) -> System {
    SYSTEM.set(Some(system));
    run();
    SYSTEM.take().expect("it was put there")
}

fn call(act: impl FnOnce(&mut System) -> Result<(), Errno>) -> i32 {
    let (result, halt) = SYSTEM.with_borrow_mut(|system| {
        let system = system.as_mut().expect("the interpreter has a system");
        (act(system), system.halt())
    });
    if halt.is_some() {
        interpreter::leave();
    }
    match result {
        Ok(()) => 0,
        Err(errno) => errno as i32,
    }
}

fn word(at: u32) -> u32 {
    let mut bytes = [0; 4];
    read(at, &mut bytes);
    u32::from_le_bytes(bytes)
}

fn long(at: u32) -> u64 {
    let mut bytes = [0; 8];
    read(at, &mut bytes);
    u64::from_le_bytes(bytes)
}

fn bytes(at: u32, length: u32) -> Vec<u8> {
    let mut bytes = vec![0; length as usize];
    read(at, &mut bytes);
    bytes
}

fn path(at: u32, length: u32) -> Result<String, Errno> {
    if length > MAX_PATH_BYTES {
        return Err(Errno::NameTooLong);
    }
    String::from_utf8(bytes(at, length)).map_err(|_| Errno::Inval)
}

/// Buffers: an address and a length each.
fn buffers(at: u32, count: u32) -> impl Iterator<Item = (u32, u32)> {
    // More than any call of libc's has.
    let count = count.min(1024);
    (0..count).map(move |index| (word(at + index * 8), word(at + index * 8 + 4)))
}

fn write_long(at: u32, value: u64) {
    write(at, &value.to_le_bytes());
}

fn write_word(at: u32, value: u32) {
    write(at, &value.to_le_bytes());
}

fn write_status(at: u32, status: FileStatus) {
    let FileStatus {
        number,
        kind,
        names,
        size,
        accessed,
        modified,
    } = status;
    let mut bytes = [0; 64];
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    bytes[16] = kind as u8;
    bytes[24..32].copy_from_slice(&names.to_le_bytes());
    bytes[32..40].copy_from_slice(&size.to_le_bytes());
    bytes[40..48].copy_from_slice(&accessed.to_le_bytes());
    bytes[48..56].copy_from_slice(&modified.to_le_bytes());
    bytes[56..64].copy_from_slice(&modified.to_le_bytes());
    write(at, &bytes);
}

/// `fstflags`: which times are set, and to what.
fn times(accessed: i64, modified: i64, flags: u32) -> (Option<i64>, Option<i64>) {
    let one = |given, set, now| match (flags & set != 0, flags & now != 0) {
        (_, true) => Some(time::now()),
        (true, false) => Some(given),
        (false, false) => None,
    };
    (one(accessed, 1, 2), one(modified, 4, 8))
}

/// Strings as a C program gets them: their addresses, and they themselves, each with a zero at its end.
fn write_strings(strings: &[String], addresses: u32, buffer: u32) {
    let mut at = buffer;
    for (index, string) in (0..).zip(strings) {
        write_word(addresses + 4 * index, at);
        write(at, string.as_bytes());
        write(at + string.len() as u32, &[0]);
        at += string.len() as u32 + 1;
    }
}

fn write_sizes(strings: &[String], count: u32, size: u32) {
    write_word(count, strings.len() as u32);
    let bytes: usize = strings.iter().map(|string| string.len() + 1).sum();
    write_word(size, bytes as u32);
}

fn arguments() -> Vec<String> {
    let arguments = service::program::ARGUMENTS.iter();
    arguments.map(ToString::to_string).collect()
}

fn environment() -> Vec<String> {
    let variables = service::program::ENVIRONMENT.iter();
    variables
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

fn read_into(fd: u32, at: Option<u64>, buffers_at: u32, count: u32, out: u32) -> i32 {
    call(|system| {
        let buffers: Vec<_> = buffers(buffers_at, count).collect();
        let most = buffers.iter().map(|(_, length)| u64::from(*length)).sum();
        let take = |mut bytes: &[u8]| {
            for (at, length) in buffers {
                let (now, later) = bytes.split_at(bytes.len().min(length as usize));
                write(at, now);
                bytes = later;
            }
        };
        let length = system.read(fd, at, most, take)?;
        write_word(out, length as u32);
        Ok(())
    })
}

fn write_from(fd: u32, at: Option<u64>, buffers_at: u32, count: u32, out: u32) -> i32 {
    call(|system| {
        let mut all = Vec::new();
        for (at, length) in buffers(buffers_at, count) {
            let start = all.len();
            all.resize(start + length as usize, 0);
            read(at, &mut all[start..]);
        }
        system.write(fd, at, &all)?;
        write_word(out, all.len() as u32);
        Ok(())
    })
}

/// As many names as fit, the last one cut off where it must be: then the reader asks again.
fn names(listed: &[Listed], from: u64, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (next, Listed { number, kind, name }) in (from + 1..).zip(listed) {
        bytes.extend_from_slice(&next.to_le_bytes());
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&(name.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&u32::from(*kind as u8).to_le_bytes());
        bytes.extend_from_slice(name.as_bytes());
        if bytes.len() >= most {
            bytes.truncate(most);
            break;
        }
    }
    bytes
}

fn awaited(at: u32) -> Awaited {
    const CLOCK: u8 = 0;
    let mut tag = [0];
    read(at + 8, &mut tag);
    match tag[0] {
        CLOCK => Awaited::Time {
            clock: word(at + 16),
            nanoseconds: long(at + 24),
            is_absolute: word(at + 40) & 1 != 0,
        },
        _ => Awaited::Descriptor(word(at + 16)),
    }
}

fn wait(subscriptions: u32, events: u32, count: u32, out: u32) -> i32 {
    const SUBSCRIPTION_BYTES: u32 = 48;
    const EVENT_BYTES: u32 = 32;
    call(|system| {
        let count = count.min(4096);
        let at = |index| subscriptions + index * SUBSCRIPTION_BYTES;
        let all: Vec<_> = (0..count).map(|index| awaited(at(index))).collect();
        let mut written = 0;
        for (index, result) in (0..).zip(system.wait(&all)?) {
            let Some(result) = result else {
                continue;
            };
            let mut event = [0; EVENT_BYTES as usize];
            read(at(index), &mut event[..8]);
            let errno = result.err().map_or(0, |errno| errno as u16);
            event[8..10].copy_from_slice(&errno.to_le_bytes());
            read(at(index) + 8, &mut event[10..11]);
            // A reader or writer that waits may go on with at least a byte.
            event[16] = 1;
            write(events + written * EVENT_BYTES, &event);
            written += 1;
        }
        write_word(out, written);
        Ok(())
    })
}

/// Declares a call under the name that the interpreter imports it by.
macro_rules! calls {
    ($module:literal: $($name:ident($($argument:ident: $type:ty),*) -> i32 $body:block)*) => {$(
        #[unsafe(export_name = concat!($module, "/", stringify!($name)))]
        extern "C" fn $name($($argument: $type),*) -> i32 $body
    )*};
}

#[expect(unsafe_code, reason = "exports of a module are declared so")]
mod exports {
    use super::*;

    calls! { "wasi_snapshot_preview1":
        args_get(addresses: u32, buffer: u32) -> i32 {
            write_strings(&arguments(), addresses, buffer);
            0
        }
        args_sizes_get(count: u32, size: u32) -> i32 {
            write_sizes(&arguments(), count, size);
            0
        }
        environ_get(addresses: u32, buffer: u32) -> i32 {
            write_strings(&environment(), addresses, buffer);
            0
        }
        environ_sizes_get(count: u32, size: u32) -> i32 {
            write_sizes(&environment(), count, size);
            0
        }
        clock_res_get(clock: u32, out: u32) -> i32 {
            call(|system| system.resolution(clock).map(|time| write_long(out, time)))
        }
        clock_time_get(clock: u32, _precision: u64, out: u32) -> i32 {
            call(|system| system.time(clock).map(|time| write_long(out, time)))
        }
        fd_advise(fd: u32, _offset: u64, _length: u64, _advice: u32) -> i32 {
            call(|system| system.exists(fd))
        }
        fd_close(fd: u32) -> i32 {
            call(|system| system.close(fd))
        }
        fd_datasync(fd: u32) -> i32 {
            call(|system| system.exists(fd))
        }
        fd_sync(fd: u32) -> i32 {
            call(|system| system.exists(fd))
        }
        fd_fdstat_get(fd: u32, out: u32) -> i32 {
            call(|system| {
                let (kind, flags) = system.descriptor_status(fd)?;
                let mut bytes = [0; 24];
                bytes[0] = kind as u8;
                bytes[2..4].copy_from_slice(&flags.to_le_bytes());
                bytes[8..16].copy_from_slice(&ALL_RIGHTS.to_le_bytes());
                bytes[16..24].copy_from_slice(&ALL_RIGHTS.to_le_bytes());
                write(out, &bytes);
                Ok(())
            })
        }
        fd_fdstat_set_flags(fd: u32, flags: u32) -> i32 {
            call(|system| system.set_descriptor_flags(fd, flags as u16))
        }
        fd_filestat_get(fd: u32, out: u32) -> i32 {
            call(|system| system.file_status(fd).map(|status| write_status(out, status)))
        }
        fd_filestat_set_size(fd: u32, size: u64) -> i32 {
            call(|system| system.set_file_length(fd, size))
        }
        fd_filestat_set_times(fd: u32, accessed: i64, modified: i64, flags: u32) -> i32 {
            let (accessed, modified) = times(accessed, modified, flags);
            call(|system| system.set_file_times(fd, accessed, modified))
        }
        fd_pread(fd: u32, buffers: u32, count: u32, at: u64, out: u32) -> i32 {
            read_into(fd, Some(at), buffers, count, out)
        }
        fd_read(fd: u32, buffers: u32, count: u32, out: u32) -> i32 {
            read_into(fd, None, buffers, count, out)
        }
        fd_pwrite(fd: u32, buffers: u32, count: u32, at: u64, out: u32) -> i32 {
            write_from(fd, Some(at), buffers, count, out)
        }
        fd_write(fd: u32, buffers: u32, count: u32, out: u32) -> i32 {
            write_from(fd, None, buffers, count, out)
        }
        fd_prestat_get(fd: u32, out: u32) -> i32 {
            call(|system| {
                let name = system.given_folder(fd)?;
                write_word(out, 0);
                write_word(out + 4, name.len() as u32);
                Ok(())
            })
        }
        fd_prestat_dir_name(fd: u32, buffer: u32, length: u32) -> i32 {
            call(|system| {
                let name = system.given_folder(fd)?;
                if name.len() > length as usize {
                    return Err(Errno::NameTooLong);
                }
                write(buffer, name.as_bytes());
                Ok(())
            })
        }
        fd_readdir(fd: u32, buffer: u32, length: u32, from: u64, out: u32) -> i32 {
            call(|system| {
                let bytes = names(system.listing(fd, from)?, from, length as usize);
                write(buffer, &bytes);
                write_word(out, bytes.len() as u32);
                Ok(())
            })
        }
        fd_seek(fd: u32, offset: i64, whence: u32, out: u32) -> i32 {
            call(|system| {
                let whence = match whence {
                    0 => Whence::Start,
                    1 => Whence::Current,
                    2 => Whence::End,
                    _ => return Err(Errno::Inval),
                };
                system.seek(fd, offset, whence).map(|at| write_long(out, at))
            })
        }
        fd_tell(fd: u32, out: u32) -> i32 {
            call(|system| system.seek(fd, 0, Whence::Current).map(|at| write_long(out, at)))
        }
        path_create_directory(fd: u32, at: u32, length: u32) -> i32 {
            call(|system| system.create_folder(fd, &path(at, length)?))
        }
        path_filestat_get(fd: u32, flags: u32, at: u32, length: u32, out: u32) -> i32 {
            call(|system| {
                let status = system.status(fd, &path(at, length)?, flags & FOLLOW != 0)?;
                write_status(out, status);
                Ok(())
            })
        }
        path_filestat_set_times(fd: u32, flags: u32, at: u32, length: u32, accessed: i64, modified: i64, set: u32) -> i32 {
            let (accessed, modified) = times(accessed, modified, set);
            call(|system| {
                system.set_path_times(fd, &path(at, length)?, flags & FOLLOW != 0, accessed, modified)
            })
        }
        path_link(old_fd: u32, _flags: u32, old: u32, old_length: u32, new_fd: u32, new: u32, new_length: u32) -> i32 {
            call(|system| {
                system.create_name(old_fd, &path(old, old_length)?, new_fd, &path(new, new_length)?)
            })
        }
        path_open(fd: u32, follow: u32, at: u32, length: u32, open: u32, rights: u64, _inherited: u64, flags: u32, out: u32) -> i32 {
            call(|system| {
                let how = How {
                    follow: follow & FOLLOW != 0,
                    open: open as u16,
                    rights,
                    flags: flags as u16,
                };
                let opened = system.open(fd, &path(at, length)?, how)?;
                write_word(out, opened);
                Ok(())
            })
        }
        path_readlink(fd: u32, at: u32, length: u32, buffer: u32, buffer_length: u32, out: u32) -> i32 {
            call(|system| {
                let target = system.read_link(fd, &path(at, length)?)?;
                let part = &target.as_bytes()[..target.len().min(buffer_length as usize)];
                write(buffer, part);
                write_word(out, part.len() as u32);
                Ok(())
            })
        }
        path_remove_directory(fd: u32, at: u32, length: u32) -> i32 {
            call(|system| system.remove_folder(fd, &path(at, length)?))
        }
        path_rename(old_fd: u32, old: u32, old_length: u32, new_fd: u32, new: u32, new_length: u32) -> i32 {
            call(|system| {
                system.rename(old_fd, &path(old, old_length)?, new_fd, &path(new, new_length)?)
            })
        }
        path_symlink(target: u32, target_length: u32, fd: u32, at: u32, length: u32) -> i32 {
            call(|system| {
                system.create_link(&path(target, target_length)?, fd, &path(at, length)?)
            })
        }
        path_unlink_file(fd: u32, at: u32, length: u32) -> i32 {
            call(|system| system.remove_file(fd, &path(at, length)?))
        }
        poll_oneoff(subscriptions: u32, events: u32, count: u32, out: u32) -> i32 {
            wait(subscriptions, events, count, out)
        }
        random_get(buffer: u32, length: u32) -> i32 {
            call(|system| {
                let mut bytes = vec![0; length as usize];
                system.random(&mut bytes);
                write(buffer, &bytes);
                Ok(())
            })
        }
        sched_yield() -> i32 {
            call(|_| Ok(()))
        }
        sock_accept(_fd: u32, _flags: u32, _out: u32) -> i32 {
            Errno::NotSock as i32
        }
        sock_recv(_fd: u32, _buffers: u32, _count: u32, _flags: u32, _out: u32, _out_flags: u32) -> i32 {
            Errno::NotSock as i32
        }
        sock_send(_fd: u32, _buffers: u32, _count: u32, _flags: u32, _out: u32) -> i32 {
            Errno::NotSock as i32
        }
        sock_shutdown(_fd: u32, _how: u32) -> i32 {
            Errno::NotSock as i32
        }
    }

    #[unsafe(export_name = "wasi_snapshot_preview1/proc_exit")]
    extern "C" fn proc_exit(code: u32) {
        call(|system| {
            system.exit(code as i32);
            Ok(())
        });
    }

    /// Called now and then, whatever the program does.
    #[unsafe(export_name = "interpreter/tick")]
    extern "C" fn tick() {
        call(|system| {
            system.tick();
            Ok(())
        });
    }

    /// The door. The answer is empty.
    #[unsafe(export_name = "host/call")]
    extern "C" fn door(frame: u32, length: u32, answer: u32, answer_length: u32) -> i32 {
        const FAULT: i32 = -2;
        write_word(answer, 0);
        write_word(answer_length, 0);
        let mut is_one = true;
        call(|system| {
            is_one = system.door(&bytes(frame, length));
            Ok(())
        });
        if is_one { 0 } else { FAULT }
    }
}
