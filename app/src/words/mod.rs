//! Sentences for what the program tells by stable words.
