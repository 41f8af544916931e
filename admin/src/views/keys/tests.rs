//! What a person does on these screens, and what they look like.

mod ends;
mod lists;
mod makes;
mod many;
mod pins;
