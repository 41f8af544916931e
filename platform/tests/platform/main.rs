//! The platform as it is run: the program's commands on a data folder, and the daemon on real sockets.

#[cfg(test)]
mod intranet;
#[cfg(test)]
mod program;
