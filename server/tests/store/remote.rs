//! The suite on a SurrealDB server over `ws://`.
