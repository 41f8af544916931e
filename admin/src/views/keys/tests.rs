//! What a person does on these screens, and what they look like.
