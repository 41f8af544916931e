//! The customer's app.
