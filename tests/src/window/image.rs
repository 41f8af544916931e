//! Pictures of the screen: read from the X server's file, cut, judged, written as PNG.

use std::{collections::HashSet, fs, io::BufWriter, path::Path};

use anyhow::{Context, Result, ensure};

/// Fields of the header that are needed, by their place (X Window Dump, version 7; 32-bit big-endian words).
mod field {
    pub(super) const HEADER_SIZE: usize = 0;
    pub(super) const WIDTH: usize = 4;
    pub(super) const HEIGHT: usize = 5;
    pub(super) const BITS_PER_PIXEL: usize = 11;
    pub(super) const BYTES_PER_LINE: usize = 12;
    pub(super) const COLOURS: usize = 19;
}

/// Bytes of one entry of the colour table.
const COLOUR_ENTRY: usize = 12;
/// Parts of a colour below this are nearly black.
const DARK: u8 = 64;

/// What the X server showed, as it lay in its file.
#[derive(Clone)]
pub struct Dump {
    pub(super) bytes: Vec<u8>,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl std::fmt::Debug for Dump {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dump({} × {})", self.width, self.height)
    }
}

impl Dump {
    /// Whether both show the same. Below what was asked for a dump may hold more: that does not count.
    pub fn looks_like(&self, other: &Self) -> bool {
        matches!((self.rows(), other.rows()), (Ok(one), Ok(two)) if one == two)
    }

    /// Pixels of a thousand that differ. Dumps that can't be read, or of other sizes, differ wholly.
    pub fn differs_from(&self, other: &Self) -> usize {
        let (Ok(one), Ok(two)) = (self.rows(), other.rows()) else { return 1000 };
        if one.len() != two.len() {
            return 1000;
        }
        let pixels = |row: &[u8]| row.len() / 4;
        let differ = |(one, two): (&&[u8], &&[u8])| {
            let (same, all) = (one.chunks_exact(4).zip(two.chunks_exact(4)), pixels(one).max(pixels(two)));
            all - same.filter(|(one, two)| one == two).count()
        };
        let all: usize = one.iter().map(|row| pixels(row)).sum();
        one.iter().zip(&two).map(differ).sum::<usize>() * 1000 / all.max(1)
    }

    /// Whether most of it is nearly black, as the dark theme paints it; what lies under an open dialog is not so dark.
    pub fn is_dark(&self) -> bool {
        let Ok(rows) = self.rows() else { return false };
        let pixels = || rows.iter().flat_map(|row| row.chunks_exact(4));
        let dark = pixels().filter(|pixel| pixel[..3].iter().all(|part| *part < DARK)).count();
        dark * 2 > pixels().count()
    }

    /// Whether the last row is black: nobody has painted there.
    ///
    /// # Errors
    /// As [`Self::image`].
    pub fn ends_black(&self) -> Result<bool> {
        let rows = self.rows()?;
        Ok(rows.last().is_none_or(|row| row.chunks_exact(4).all(|pixel| pixel[..3] == [0; 3])))
    }

    fn rows(&self) -> Result<Vec<&[u8]>> {
        rows(&self.bytes, self.width, self.height)
    }

    /// The picture.
    ///
    /// # Errors
    /// If the dump is not what an X server writes.
    pub fn image(&self) -> Result<Image> {
        Image::from_xwd(&self.bytes, self.width, self.height)
    }
}

/// A picture, RGB.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({} × {})", self.width, self.height)
    }
}

impl Image {
    /// Reads the X server's dump, 32 bits a pixel, blue first: of the upper left part of this size, or less if the
    /// screen is smaller.
    pub(super) fn from_xwd(dump: &[u8], width: usize, height: usize) -> Result<Self> {
        let rows = rows(dump, width, height)?;
        let (width, height) = (rows.first().map_or(0, |row| row.len() / 4), rows.len());
        let mut rgb = vec![0; width * height * 3];
        let pixels = rows.iter().flat_map(|row| row.chunks_exact(4));
        for (to, from) in rgb.chunks_exact_mut(3).zip(pixels) {
            to.copy_from_slice(&[from[2], from[1], from[0]]);
        }
        Ok(Self { width, height, rgb })
    }

    /// Width, pixels.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Height, pixels.
    pub const fn height(&self) -> usize {
        self.height
    }

    /// How many colours occur, counted up to `limit`.
    pub fn colours(&self, limit: usize) -> usize {
        let mut seen = HashSet::new();
        for pixel in self.rgb.chunks_exact(3) {
            seen.insert([pixel[0], pixel[1], pixel[2]]);
            if seen.len() >= limit {
                break;
            }
        }
        seen.len()
    }

    /// Percent of the pixels that have the most frequent colour, roughly: every seventh pixel is looked at.
    pub fn percent_of_background(&self) -> usize {
        let mut counts = std::collections::HashMap::new();
        for pixel in self.rgb.chunks_exact(3).step_by(7) {
            *counts.entry([pixel[0], pixel[1], pixel[2]]).or_insert(0_usize) += 1;
        }
        let all: usize = counts.values().sum();
        counts.values().max().map_or(100, |most| most * 100 / all.max(1))
    }

    /// Writes it as PNG; folders are made.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut encoder = png::Encoder::new(BufWriter::new(file), self.width.try_into()?, self.height.try_into()?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_filter(png::Filter::NoFilter);
        encoder.write_header()?.write_image_data(&self.rgb)?;
        Ok(())
    }
}

/// The rows of the upper left part of a dump.
fn rows(dump: &[u8], width: usize, height: usize) -> Result<Vec<&[u8]>> {
    let word = |place: usize| -> Result<usize> {
        let bytes = dump.get(place * 4..place * 4 + 4).context("a dump without its header")?;
        Ok(u32::from_be_bytes(bytes.try_into()?).try_into()?)
    };
    ensure!(word(field::BITS_PER_PIXEL)? == 32, "a screen of an unexpected depth");
    let (width, height) = (width.min(word(field::WIDTH)?), height.min(word(field::HEIGHT)?));
    let line = word(field::BYTES_PER_LINE)?;
    let start = word(field::HEADER_SIZE)? + word(field::COLOURS)? * COLOUR_ENTRY;
    let pixels = dump.get(start..start + line * height).context("a dump that is too short")?;
    Ok(pixels.chunks_exact(line).filter_map(|row| row.get(..width * 4)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(width: u32, height: u32, pixels: &[[u8; 4]]) -> Vec<u8> {
        let mut words = [0_u32; 25];
        words[field::HEADER_SIZE] = 104;
        words[field::WIDTH] = width;
        words[field::HEIGHT] = height;
        words[field::BITS_PER_PIXEL] = 32;
        words[field::BYTES_PER_LINE] = width * 4;
        words[field::COLOURS] = 1;
        let mut dump: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        dump.extend(b"scr\0");
        dump.extend([0; COLOUR_ENTRY]);
        dump.extend(pixels.iter().flatten());
        dump
    }

    #[test]
    fn a_dump_is_read_with_red_first() {
        let image = Image::from_xwd(&dump(2, 1, &[[1, 2, 3, 0], [4, 5, 6, 0]]), 9, 9).unwrap();
        assert_eq!(image.rgb, [3, 2, 1, 6, 5, 4]);
        assert_eq!(image.colours(9), 2);
        let left = Image::from_xwd(&dump(2, 1, &[[1, 2, 3, 0], [4, 5, 6, 0]]), 1, 1).unwrap();
        assert_eq!((left.rgb, left.width, left.height), (vec![3, 2, 1], 1, 1));
    }

    #[test]
    fn a_short_dump_is_refused() {
        let whole = dump(2, 2, &[[0; 4]; 4]);
        assert!(Image::from_xwd(&whole[..whole.len() - 1], 2, 2).is_err());
        assert!(Image::from_xwd(&[], 2, 2).is_err());
    }

    #[test]
    fn one_colour_is_all_background() {
        let image = Image { width: 10, height: 10, rgb: vec![7; 300] };
        assert_eq!((image.colours(5), image.percent_of_background()), (1, 100));
    }
}
