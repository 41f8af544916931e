//! The file: written under another name first, read as a stream.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read, Seek as _, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use super::{BackupError, FORMAT, Header, Summary};

const MAGIC: &str = "gridkey-backup";
/// `\nsha256 ` + 64 digits + `\n`.
const TRAILER: u64 = 73;
/// The longest header line, and the longest record line, bytes.
const LONGEST: u64 = 64 * 1024 * 1024;

/// A record as the file holds it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line(pub(super) String, pub(super) Json, pub(super) Map<String, Json>);

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    records: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Any {
    Record(Line),
    End(End),
}

/// Hashes what passes.
struct Hashing<T>(T, Sha256);

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.write(bytes)?;
        self.1.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes a backup; without [`Writer::finish`] nothing is left of it.
pub(super) struct Writer {
    path: PathBuf,
    partial: PathBuf,
    out: Option<GzEncoder<Hashing<File>>>,
    records: BTreeMap<String, u64>,
    digest: Sha256,
}

impl Writer {
    pub(super) fn create(path: &Path, header: &Header) -> Result<Self, BackupError> {
        if path.exists() {
            return Err(BackupError::Exists(path.to_owned()));
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".partial-{}", std::process::id()));
        let partial = path.with_file_name(name);
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial);
        let mut out = Hashing(opened.map_err(BackupError::at(&partial))?, Sha256::new());
        let text = serde_json::to_string(header).map_err(|error| BackupError::Format(error.to_string()))?;
        let begun = out.write_all(format!("{MAGIC} {FORMAT}\n{text}\n").as_bytes());
        let out = Some(GzEncoder::new(out, Compression::fast()));
        let writer = Self { path: path.to_owned(), partial, out, records: BTreeMap::new(), digest: Sha256::new() };
        begun.map_err(BackupError::at(&writer.partial))?;
        Ok(writer)
    }

    pub(super) fn write(&mut self, line: &Line) -> Result<(), BackupError> {
        *self.records.entry(line.0.clone()).or_default() += 1;
        let text = line_text(line)?;
        self.digest.update(&text);
        self.put(&text)
    }

    fn put(&mut self, text: &[u8]) -> Result<(), BackupError> {
        let out = self.out.as_mut().ok_or(BackupError::Damaged("written after its end"))?;
        out.write_all(text).map_err(BackupError::at(&self.partial))
    }

    /// Ends the file, sees to it that it is on the disk and reads back, and gives it its name.
    pub(super) fn finish(mut self, program: &str) -> Result<Summary, BackupError> {
        let end = End { records: std::mem::take(&mut self.records) };
        let text = serde_json::to_string(&end).map_err(|error| BackupError::Format(error.to_string()))?;
        self.put(format!("{text}\n").as_bytes())?;
        let out = self.out.take().ok_or(BackupError::Damaged("written after its end"))?;
        let ended = || -> io::Result<()> {
            let Hashing(mut file, hash) = out.finish()?;
            file.write_all(format!("\nsha256 {}\n", hex::encode(hash.finalize())).as_bytes())?;
            file.sync_all()
        };
        ended().map_err(BackupError::at(&self.partial))?;
        let mut reader = Reader::open(&self.partial, program)?;
        while reader.next()?.is_some() {}
        let (summary, digest) = reader.finish()?;
        if digest != std::mem::take(&mut self.digest).finalize().as_slice() {
            return Err(BackupError::Damaged("it does not read back as it was written"));
        }
        // A link never replaces a file that appeared meanwhile.
        fs::hard_link(&self.partial, &self.path).map_err(BackupError::at(&self.path))?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::at(folder))?;
        Ok(summary)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // By now the whole file has its own name, or there is none.
        let _ = fs::remove_file(&self.partial);
    }
}

/// The line of a record, as it is written and hashed.
pub(super) fn line_text(line: &Line) -> Result<Vec<u8>, BackupError> {
    let mut text = serde_json::to_vec(line).map_err(|error| BackupError::Format(error.to_string()))?;
    text.push(b'\n');
    Ok(text)
}

/// Reads a backup whose hash is right.
pub(super) struct Reader {
    path: PathBuf,
    lines: BufReader<io::Take<GzDecoder<BufReader<io::Take<File>>>>>,
    pub(super) header: Header,
    bytes: u64,
    sha256: String,
    counted: BTreeMap<String, u64>,
    end: Option<End>,
    digest: Sha256,
}

impl Reader {
    /// Hashes the whole file, then reads its header.
    pub(super) fn open(path: &Path, program: &str) -> Result<Self, BackupError> {
        let at = || BackupError::at(path);
        let mut file = File::open(path).map_err(at())?;
        let bytes = file.metadata().map_err(at())?.len();
        let mut magic = vec![0; MAGIC.len() + 1];
        let begun = file.read_exact(&mut magic);
        if begun.is_err() || magic != format!("{MAGIC} ").as_bytes() {
            return Err(BackupError::Format("it does not begin like one".to_owned()));
        }
        file.rewind().map_err(at())?;
        let sha256 = check_hash(&mut file, bytes).map_err(at())?;
        let sha256 = sha256.ok_or(BackupError::Damaged("its hash is not the one in its last line"))?;
        file.rewind().map_err(at())?;
        let mut body = BufReader::new(file.take(bytes.saturating_sub(TRAILER)));
        let format = read_line(&mut body, path)?;
        if format != format!("{MAGIC} {FORMAT}") {
            return Err(BackupError::Format(format!("it begins with {format:?}")));
        }
        let text = read_line(&mut body, path)?;
        let header: Header = serde_json::from_str(&text).map_err(|error| BackupError::Format(error.to_string()))?;
        if header.program != program {
            return Err(BackupError::Program { found: header.program, expected: program.to_owned() });
        }
        let lines = BufReader::new(GzDecoder::new(body).take(u64::MAX));
        Ok(Self {
            path: path.to_owned(),
            lines,
            header,
            bytes,
            sha256,
            counted: BTreeMap::new(),
            end: None,
            digest: Sha256::new(),
        })
    }

    /// The next record; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line>, BackupError> {
        if self.end.is_some() {
            return Ok(None);
        }
        let mut text = Vec::new();
        let read = (&mut self.lines).take(LONGEST).read_until(b'\n', &mut text);
        read.map_err(BackupError::at(&self.path))?;
        if text.last() != Some(&b'\n') {
            return Err(BackupError::Damaged("it ends within a record"));
        }
        match serde_json::from_slice(&text) {
            Ok(Any::Record(line)) => {
                self.digest.update(&text);
                *self.counted.entry(line.0.clone()).or_default() += 1;
                Ok(Some(line))
            }
            Ok(Any::End(end)) if end.records == self.counted => {
                self.end = Some(end);
                Ok(None)
            }
            Ok(Any::End(_)) => Err(BackupError::Damaged("records are missing")),
            Err(_) => Err(BackupError::Damaged("a record can't be read")),
        }
    }

    /// What it holds, and the hash of its records' lines. To be called at the end.
    pub(super) fn finish(self) -> Result<(Summary, Vec<u8>), BackupError> {
        let end = self.end.ok_or(BackupError::Damaged("it was not read to its end"))?;
        let Self { header, bytes, sha256, digest, .. } = self;
        Ok((Summary { header, records: end.records, bytes, sha256 }, digest.finalize().to_vec()))
    }
}

/// The hash in the last line, if it is right.
fn check_hash(file: &mut File, bytes: u64) -> io::Result<Option<String>> {
    let Some(length) = bytes.checked_sub(TRAILER) else { return Ok(None) };
    let mut hash = Sha256::new();
    let mut left = Read::by_ref(file).take(length);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match left.read(&mut buffer)? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    file.seek(SeekFrom::Start(length))?;
    let mut trailer = String::new();
    if file.take(TRAILER).read_to_string(&mut trailer).is_err() {
        return Ok(None);
    }
    let sha256 = hex::encode(hash.finalize());
    Ok((trailer == format!("\nsha256 {sha256}\n")).then_some(sha256))
}

fn read_line(body: &mut impl io::BufRead, path: &Path) -> Result<String, BackupError> {
    let mut text = String::new();
    body.take(LONGEST).read_line(&mut text).map_err(BackupError::at(path))?;
    match text.strip_suffix('\n') {
        Some(line) => Ok(line.to_owned()),
        None => Err(BackupError::Damaged("it ends within its header")),
    }
}
