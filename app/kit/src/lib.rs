//! Components that the customer's app and the administrators' dashboard share.
