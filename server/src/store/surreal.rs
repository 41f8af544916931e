//! SurrealDB behind [`Store`](super::Store). (being written)
