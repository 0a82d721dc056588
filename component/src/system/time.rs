//! Clocks, and waiting.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{Errno, Halt, System};

/// `clockid::realtime`.
const REALTIME: u32 = 0;
/// `clockid::monotonic`.
const MONOTONIC: u32 = 1;

/// The system counts time as WASI does, and what is kept of a file in milliseconds.
pub const NANOSECONDS_A_MILLISECOND: i64 = 1_000_000;

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    now() / NANOSECONDS_A_MILLISECOND
}

/// Nanoseconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_nanos() as i64)
}

/// Something that is waited for.
#[derive(Debug, Clone, Copy)]
pub enum Awaited {
    /// A time of a clock, in nanoseconds, from now or as the clock counts.
    Time {
        /// Which clock.
        clock: u32,
        /// How long, or when.
        nanoseconds: u64,
        /// It is a time, and not a duration.
        is_absolute: bool,
    },
    /// A descriptor. None makes anybody wait.
    Descriptor(u32),
}

impl System {
    /// `clock_time_get`.
    pub fn time(&mut self, clock: u32) -> Result<u64, Errno> {
        self.look_at_the_clock();
        match clock {
            REALTIME => Ok(now() as u64),
            MONOTONIC => Ok(self.monotonic()),
            // An instance has no processor time of its own.
            _ => Err(Errno::BadF),
        }
    }

    /// `clock_res_get`.
    pub fn resolution(&self, clock: u32) -> Result<u64, Errno> {
        match clock {
            REALTIME | MONOTONIC => Ok(1),
            _ => Err(Errno::BadF),
        }
    }

    /// It began long before the program, as a machine's does.
    fn monotonic(&self) -> u64 {
        const BEFORE: Duration = Duration::from_secs(3600);
        (self.started.elapsed() + BEFORE).as_nanos() as u64
    }

    /// `poll_oneoff`: waits for the first of them. Those that have not come by then are `None`.
    pub fn wait(&mut self, awaited: &[Awaited]) -> Result<Vec<Option<Result<(), Errno>>>, Errno> {
        let delays: Vec<_> = awaited.iter().map(|one| self.delay(one)).collect();
        let shortest = delays
            .iter()
            .map(|delay| delay.unwrap_or(Duration::ZERO))
            .min()
            .ok_or(Errno::Inval)?;
        self.sleep(shortest);
        let come = |delay| match delay {
            Ok(delay) if delay > shortest => None,
            Ok(_) => Some(Ok(())),
            Err(errno) => Some(Err(errno)),
        };
        Ok(delays.into_iter().map(come).collect())
    }

    fn delay(&mut self, awaited: &Awaited) -> Result<Duration, Errno> {
        match *awaited {
            Awaited::Descriptor(fd) => self.descriptor(fd).map(|_| Duration::ZERO),
            Awaited::Time {
                clock,
                nanoseconds,
                is_absolute,
            } => match (clock, is_absolute) {
                (REALTIME | MONOTONIC, false) => Ok(Duration::from_nanos(nanoseconds)),
                (REALTIME, true) => Ok(until(nanoseconds, now() as u64)),
                (MONOTONIC, true) => Ok(until(nanoseconds, self.monotonic())),
                _ => Err(Errno::Inval),
            },
        }
    }

    fn sleep(&mut self, time: Duration) {
        /// Of a long sleep.
        const AT_ONCE: Duration = Duration::from_millis(250);
        self.tell_all();
        let began = Instant::now();
        let left = self.deadline.saturating_duration_since(began);
        while self.halt.is_none() {
            let rest = time.min(left).saturating_sub(began.elapsed());
            std::thread::sleep(rest.min(AT_ONCE));
            if rest <= AT_ONCE {
                break;
            }
            self.look_around();
        }
        if time >= left {
            self.halt.get_or_insert(Halt::Deadline);
        }
    }
}

fn until(time: u64, now: u64) -> Duration {
    Duration::from_nanos(time.saturating_sub(now))
}
