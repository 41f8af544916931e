//! `fileContent`: base64 of a zlib stream of a ZIP archive. A small reader of what the gateway sends and no more: no
//! encryption, no ZIP64, entries stored or deflated, sizes bounded. Names of entries are compared, never used as paths.

use std::io::{Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, Crc, read::DeflateDecoder, read::ZlibDecoder, write::ZlibEncoder};

/// The largest archive, and the largest entry, bytes.
const MAX_SIZE: u64 = 64 * 1024 * 1024;
/// The most entries.
const MAX_ENTRIES: u16 = 64;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Bytes of the end record without its comment.
const END_SIZE: usize = 22;

/// Why an archive can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// Not base64 of a zlib stream.
    #[error("the settlement file is not base64 of a zlib stream")]
    Stream,
    /// Larger than we read.
    #[error("the settlement file is too large")]
    TooLarge,
    /// Not a ZIP archive of the kind expected.
    #[error("the settlement file is not a ZIP archive that can be read: {0}")]
    Zip(&'static str),
}

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, for comparing only.
    pub name: String,
    /// What it holds.
    pub content: Vec<u8>,
}

/// The files in `content`.
///
/// # Errors
/// [`ArchiveError`].
pub fn open(content: &str) -> Result<Vec<Entry>, ArchiveError> {
    let packed = STANDARD.decode(content).map_err(|_| ArchiveError::Stream)?;
    let zip = bounded(ZlibDecoder::new(packed.as_slice())).map_err(|error| error.unwrap_or(ArchiveError::Stream))?;
    unzip(&zip)
}

/// `fileContent` of these files, for whoever plays the gateway.
pub fn pack(entries: &[Entry]) -> std::io::Result<String> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&zip(entries))?;
    Ok(STANDARD.encode(zlib.finish()?))
}

/// Reads to the end. `Err(None)`: not in its form.
fn bounded(reader: impl std::io::Read) -> Result<Vec<u8>, Option<ArchiveError>> {
    let mut bytes = Vec::new();
    reader.take(MAX_SIZE + 1).read_to_end(&mut bytes).map_err(|_| None)?;
    if bytes.len() as u64 > MAX_SIZE { Err(Some(ArchiveError::TooLarge)) } else { Ok(bytes) }
}

fn unzip(zip: &[u8]) -> Result<Vec<Entry>, ArchiveError> {
    let no_end = ArchiveError::Zip("it has no end");
    let last = zip.len().checked_sub(END_SIZE).ok_or(no_end)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let at = (first..=last).rev().find(|at| zip.get(*at..).is_some_and(|rest| rest.starts_with(&END)));
    let mut end = Fields(zip.get(at.ok_or(no_end)? + 10..).ok_or(no_end)?);
    let (count, _size, offset) = (end.u16()?, end.u32()?, end.u32()?);
    if count > MAX_ENTRIES {
        return Err(ArchiveError::TooLarge);
    }
    let mut central = Fields(zip.get(index(offset)?..).ok_or(no_end)?);
    let mut entries = Vec::new();
    let mut together = 0_u64;
    for _ in 0..count {
        central.signature(CENTRAL)?;
        central.skip(4)?;
        let (flags, method) = (central.u16()?, central.u16()?);
        central.skip(4)?;
        let (crc, packed, size) = (central.u32()?, central.u32()?, central.u32()?);
        let (name, extra, comment) = (central.u16()?, central.u16()?, central.u16()?);
        central.skip(8)?;
        let offset = central.u32()?;
        let name = String::from_utf8_lossy(central.take(usize::from(name))?).into_owned();
        central.skip(usize::from(extra) + usize::from(comment))?;
        if flags & 1 != 0 {
            return Err(ArchiveError::Zip("an entry is encrypted"));
        }
        together += u64::from(size);
        if together > MAX_SIZE {
            return Err(ArchiveError::TooLarge);
        }
        let mut local = Fields(zip.get(index(offset)?..).ok_or(ArchiveError::Zip("an entry lies outside"))?);
        local.signature(LOCAL)?;
        local.skip(22)?;
        let (name_length, extra) = (local.u16()?, local.u16()?);
        local.skip(usize::from(name_length) + usize::from(extra))?;
        let packed = local.take(index(packed)?)?;
        let content = match method {
            0 => packed.to_vec(),
            8 => bounded(DeflateDecoder::new(packed))
                .map_err(|error| error.unwrap_or(ArchiveError::Zip("an entry does not inflate")))?,
            _ => return Err(ArchiveError::Zip("an entry is packed in a way that is not known")),
        };
        if content.len() as u64 != u64::from(size) || crc_of(&content) != crc {
            return Err(ArchiveError::Zip("an entry is damaged"));
        }
        entries.push(Entry { name, content });
    }
    Ok(entries)
}

fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut zip, mut central) = (Vec::new(), Vec::new());
    for Entry { name, content } in entries {
        let offset = length(&zip);
        // Version 2.0, no flags, stored, no time.
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc_of(content).to_le_bytes());
        common.extend(length(content).to_le_bytes());
        common.extend(length(content).to_le_bytes());
        common.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        common.extend([0, 0]);
        zip.extend([&LOCAL[..], &common, name.as_bytes(), content].concat());
        central.extend([&CENTRAL[..], &[20, 0], &common, &[0; 10], &offset.to_le_bytes(), name.as_bytes()].concat());
    }
    let (offset, size) = (length(&zip), length(&central));
    let count = u16::try_from(entries.len()).unwrap_or(u16::MAX).to_le_bytes();
    zip.extend(central);
    zip.extend([&END[..], &[0; 4], &count, &count, &size.to_le_bytes(), &offset.to_le_bytes(), &[0; 2]].concat());
    zip
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

fn crc_of(content: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(content);
    crc.sum()
}

fn index(offset: u32) -> Result<usize, ArchiveError> {
    usize::try_from(offset).map_err(|_| ArchiveError::TooLarge)
}

/// Little-endian fields, one after the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ArchiveError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ArchiveError::Zip("it ends early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn skip(&mut self, count: usize) -> Result<(), ArchiveError> {
        self.take(count).map(drop)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ArchiveError> {
        self.take(N)?.try_into().map_err(|_| ArchiveError::Zip("it ends early"))
    }

    fn u16(&mut self) -> Result<u16, ArchiveError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, ArchiveError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn signature(&mut self, expected: [u8; 4]) -> Result<(), ArchiveError> {
        if self.array()? == expected { Ok(()) } else { Err(ArchiveError::Zip("a record does not begin as it should")) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let entry = ("[A-Z0-9_]{1,20}", any::<Vec<u8>>()).prop_map(|(name, content)| Entry { name, content });
        proptest::collection::vec(entry, 0..5)
    }

    proptest! {
        #[test]
        fn what_was_packed_is_read(entries in entries()) {
            prop_assert_eq!(open(&pack(&entries).unwrap()), Ok(entries));
        }

        #[test]
        fn a_changed_or_cut_archive_never_panics_nor_gives_other_content(
            entries in entries(), at: prop::sample::Index, flip in 1_u8.., cut: bool,
        ) {
            let mut bytes = zip(&entries);
            let at = at.index(bytes.len());
            if cut { bytes.truncate(at) } else { bytes[at] ^= flip }
            if let Ok(read) = unzip(&bytes) {
                for entry in read {
                    prop_assert!(entries.iter().any(|known| known.content == entry.content));
                }
            }
        }

        #[test]
        fn arbitrary_text_never_panics(text in "[A-Za-z0-9+/=]{0,200}") {
            let _ = open(&text);
        }
    }

    #[test]
    fn a_deflated_entry_is_read() {
        // `printf aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | zip - -` without its extra fields.
        let packed = [0x4b, 0x4c, 0xc4, 0x0f, 0x00];
        let content = vec![b'a'; 32];
        let mut bytes = zip(&[Entry { name: "a".into(), content: content.clone() }]);
        let central = bytes.windows(4).position(|window| window == CENTRAL).unwrap();
        let mut tail = bytes.split_off(central);
        bytes.truncate(31);
        bytes.extend(packed);
        bytes[8] = 8;
        bytes[18] = 5;
        tail[10] = 8;
        tail[20] = 5;
        let end = tail.len() - 6;
        tail[end..end + 4].copy_from_slice(&36_u32.to_le_bytes());
        bytes.extend(tail);
        assert_eq!(unzip(&bytes), Ok(vec![Entry { name: "a".into(), content }]));
    }
}
