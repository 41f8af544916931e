//! What a person does on this screen, and what it looks like.
