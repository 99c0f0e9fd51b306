//! Listening, and the end.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};

use super::HttpError;
use super::around::router;
use super::shared::Shared;

/// A server that listens. Made by [`Server::bind`](super::Server::bind).
pub struct Bound {
    listener: std::net::TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Stopper,
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Stops a server from another thread. Made by [`Bound::stopper`].
#[derive(Clone, Debug, Default)]
pub struct Stopper(Arc<Notify>);

impl Stopper {
    /// Tells the server to take no more requests, to finish those it has, and to end.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

impl Bound {
    pub(super) fn new(
        listener: std::net::TcpListener,
        address: SocketAddr,
        shared: Arc<Shared>,
    ) -> Bound {
        Bound { listener, address, shared, stop: Stopper::default() }
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stops it.
    pub fn stopper(&self) -> Stopper {
        self.stop.clone()
    }

    /// Answers requests until it is [stopped](Stopper::stop); then open requests are finished,
    /// within [`ServerLimits::stop_time`](super::ServerLimits::stop_time).
    ///
    /// It takes a thread for each core besides the calling one while it runs, and more for the
    /// requests worked on. One of them counts at first what the memories hold, for which it reads
    /// every unit, and learns their words, for the requests that need that.
    ///
    /// # Errors
    ///
    /// If the system refuses threads or timers.
    pub fn run(self) -> Result<(), HttpError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let result = runtime.block_on(self.accept());
        // A lookup that is still at work is not waited for; a change is made as a whole or not.
        runtime.shutdown_background();
        result
    }

    async fn accept(self) -> Result<(), HttpError> {
        let limits = self.shared.limits.clone();
        let listener = TcpListener::from_std(self.listener)?;
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || shared.prepare());
        let service = TowerToHyperService::new(router(self.shared));
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(limits.head_time);
        let open = Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
        let graceful = GracefulShutdown::new();
        let mut stop = std::pin::pin!(self.stop.0.notified());
        loop {
            let permit = tokio::select! {
                permit = Arc::clone(&open).acquire_owned() => permit,
                () = &mut stop => break,
            };
            let stream = tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    // Too many open files, or the client is gone: others are served on.
                    Err(_) => {
                        tokio::time::sleep(Duration::from_millis(10)).await;
                        continue;
                    }
                },
                () = &mut stop => break,
            };
            // Answers are small: waiting to fill a packet would only add to the time they take.
            let _ = stream.set_nodelay(true);
            let connection = builder.serve_connection(TokioIo::new(stream), service.clone());
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                // A client that breaks off is no concern of the server.
                let _ = connection.await;
                drop(permit);
            });
        }
        drop(listener);
        let _ = tokio::time::timeout(limits.stop_time, graceful.shutdown()).await;
        Ok(())
    }
}
