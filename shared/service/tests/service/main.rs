//! The scaffolding of the daemons on real parts: files, sockets, TLS and child processes.

#[cfg(test)]
mod certificates;
#[cfg(test)]
mod config;
#[cfg(test)]
mod control;
#[cfg(test)]
mod failpoint;
#[cfg(test)]
mod http;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod mutual_tls;
#[cfg(test)]
mod ops;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod support;
