//! The dashboard's real window on the real stack, driven as an administrator drives it: keys, pointer, and the accessibility
//! tree in place of eyes.

mod album;
mod gate;
mod life;
mod made;
