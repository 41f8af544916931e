//! A bounded queue from async callers to the threads that own PKCS#11 sessions.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// What a thread is woken for.
pub(super) enum Next<T> {
    /// Something to do.
    Job(T),
    /// The time is over, or [`Queue::wake_all`] was called.
    Woken,
    /// Nothing will come any more.
    Closed,
}

struct State<T> {
    jobs: VecDeque<T>,
    wakes: u64,
    closed: bool,
}

pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    /// For threads that take no job, so that a job's one notice never goes to them.
    woken: Condvar,
    capacity: usize,
}

impl<T> Queue<T> {
    pub(super) fn new(capacity: usize) -> Self {
        let state = State { jobs: VecDeque::new(), wakes: 0, closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), woken: Condvar::new(), capacity }
    }

    /// Appends `job`; gives it back when the queue is full or closed.
    pub(super) fn push(&self, job: T) -> Result<(), T> {
        let mut state = self.lock();
        if state.closed || state.jobs.len() >= self.capacity {
            return Err(job);
        }
        state.jobs.push_back(job);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// How often [`wake_all`](Self::wake_all) was called. A thread reads it before it looks at what it is woken for, so that it
    /// misses no call.
    pub(super) fn wakes(&self) -> u64 {
        self.lock().wakes
    }

    /// The next job, waiting at most `limit` for one and not at all if there was a wake since `wakes`.
    pub(super) fn next(&self, limit: Option<Duration>, wakes: u64) -> Next<T> {
        let end = limit.map(|limit| Instant::now() + limit);
        let mut state = self.lock();
        loop {
            if state.closed {
                return Next::Closed;
            }
            // Before any job: whoever is woken may have to leave the jobs to others from now on.
            if state.wakes != wakes {
                return Next::Woken;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Next::Job(job);
            }
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Next::Woken;
            }
            state = match left {
                Some(left) => self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// As [`next`](Self::next) of a thread that leaves the jobs to others.
    pub(super) fn rest(&self, limit: Duration, wakes: u64) -> Next<T> {
        let end = Instant::now() + limit;
        let mut state = self.lock();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if state.closed {
                return Next::Closed;
            }
            if state.wakes != wakes || left.is_zero() {
                return Next::Woken;
            }
            state = self.woken.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Wakes every waiting thread once.
    pub(super) fn wake_all(&self) {
        let mut state = self.lock();
        state.wakes = state.wakes.wrapping_add(1);
        drop(state);
        self.changed.notify_all();
        self.woken.notify_all();
    }

    /// Drops what waits and ends the queue.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let waiting = std::mem::take(&mut state.jobs);
        drop(state);
        drop(waiting);
        self.changed.notify_all();
        self.woken.notify_all();
    }

    // No code panics while holding the lock, so a poisoned one still guards a whole state.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_gives_the_job_back() {
        let queue = Queue::new(1);
        assert_eq!(queue.push(1), Ok(()));
        assert_eq!(queue.push(2), Err(2));
        assert!(matches!(queue.next(None, 0), Next::Job(1)));
        assert!(matches!(queue.next(Some(Duration::ZERO), 0), Next::Woken));
    }

    #[test]
    fn a_wake_before_the_wait_is_not_missed() {
        let queue: Queue<()> = Queue::new(1);
        let seen = queue.wakes();
        queue.wake_all();
        assert!(matches!(queue.next(None, seen), Next::Woken));
        assert_eq!(queue.push(()), Ok(()));
        assert!(matches!(queue.next(None, seen), Next::Woken), "before what waits");
        assert!(matches!(queue.next(None, queue.wakes()), Next::Job(())));
    }

    #[test]
    fn who_rests_leaves_the_job_and_is_woken_all_the_same() {
        let queue = Queue::new(1);
        assert_eq!(queue.push(1), Ok(()));
        assert!(matches!(queue.rest(Duration::ZERO, 0), Next::Woken));
        std::thread::scope(|scope| {
            let resting = scope.spawn(|| queue.rest(Duration::MAX / 4, 0));
            queue.wake_all();
            assert!(matches!(resting.join(), Ok(Next::Woken)));
        });
        assert!(matches!(queue.next(None, 1), Next::Job(1)));
        queue.close();
        assert!(matches!(queue.rest(Duration::ZERO, 1), Next::Closed));
    }

    #[test]
    fn a_closed_queue_takes_and_gives_nothing() {
        let queue = Queue::new(4);
        assert_eq!(queue.push(1), Ok(()));
        queue.close();
        assert_eq!(queue.push(2), Err(2));
        assert!(matches!(queue.next(None, 0), Next::Closed));
    }
}
