//! Words: which language is spoken, and the texts of every screen from Fluent files.
//!
//! The root component calls [`use_i18n_provider`] once; below it [`t!`](crate::t) gives a text by its id in the language
//! chosen now, and a component that used it is drawn again when the language changes.

use std::{borrow::Cow, fmt, rc::Rc};

use dioxus::{core::Runtime, prelude::*};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The BCP 47 tag, as in the `lang` attribute and the folder of its texts.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Its name in itself, for a menu of languages.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }
}

/// The kit's own texts; every catalog has them.
const KIT: [(&str, &str); 2] = [
    ("en", include_str!("../../../assets/locales/en/kit.ftl")),
    ("zh-CN", include_str!("../../../assets/locales/zh-CN/kit.ftl")),
];

type Bundle = FluentBundle<FluentResource>;

/// The texts of all languages.
pub struct Catalog {
    english: Bundle,
    chinese: Bundle,
}

impl Catalog {
    /// The kit's texts and `sources`: pairs of language tag and the text of a Fluent file. A file's faulty messages are
    /// left out; the tests look for them.
    pub fn new(sources: &[(&str, &str)]) -> Self {
        Self { english: bundle(Language::English, sources), chinese: bundle(Language::Chinese, sources) }
    }

    /// The text `id` in `language`, else in English, else `id` itself.
    pub fn text(&self, language: Language, id: &str, args: &[(&'static str, Arg)]) -> String {
        let first = match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        };
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, Arg(value)) in args {
            fluent.set(*name, value.clone());
        }
        [first, &self.english]
            .into_iter()
            .find_map(|bundle| {
                let pattern = bundle.get_message(id)?.value()?;
                Some(bundle.format_pattern(pattern, Some(&fluent), &mut Vec::new()).into_owned())
            })
            .unwrap_or_else(|| id.to_owned())
    }

    /// Whether `language` itself has the text `id`.
    pub fn has(&self, language: Language, id: &str) -> bool {
        match language {
            Language::English => self.english.has_message(id),
            Language::Chinese => self.chinese.has_message(id),
        }
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalog").finish_non_exhaustive()
    }
}

fn bundle(language: Language, sources: &[(&str, &str)]) -> Bundle {
    let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![tag]);
    bundle.set_use_isolating(false);
    for (_, text) in KIT.iter().chain(sources).filter(|(tag, _)| *tag == language.tag()) {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A value put into a text: a word or a number.
#[derive(Debug, Clone)]
pub struct Arg(FluentValue<'static>);

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self(FluentValue::String(Cow::Owned(value.to_owned())))
    }
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self(FluentValue::String(Cow::Owned(value)))
    }
}

impl From<&String> for Arg {
    fn from(value: &String) -> Self {
        Self::from(value.as_str())
    }
}

macro_rules! number_args {
    ($($number:ty),*) => {
        $(impl From<$number> for Arg {
            fn from(value: $number) -> Self {
                Self(FluentValue::from(value))
            }
        })*
    };
}
number_args!(i8, u8, i16, u16, i32, u32, i64, u64, usize);

/// The language chosen now and the texts; a handle, cheap to copy.
#[derive(Clone, Copy, PartialEq)]
pub struct I18n {
    language: Signal<Language>,
    catalog: CopyValue<Rc<Catalog>>,
}

impl I18n {
    /// The texts, spoken in `language` at first. Call it inside a component, once: see [`use_i18n_provider`].
    pub fn new(language: Language, sources: &[(&str, &str)]) -> Self {
        Self { language: Signal::new(language), catalog: CopyValue::new(Rc::new(Catalog::new(sources))) }
    }

    /// The language chosen now. The caller is drawn again when it changes.
    pub fn language(&self) -> Language {
        (self.language)()
    }

    /// Speaks `language` from now on.
    pub fn speak(&mut self, language: Language) {
        if *self.language.peek() != language {
            self.language.set(language);
        }
    }

    /// The text `id` in the language chosen now.
    pub fn text(&self, id: &str, args: &[(&'static str, Arg)]) -> String {
        self.catalog.read().text(self.language(), id, args)
    }
}

/// Gives the texts to everything below. The root component calls it once.
pub fn use_i18n_provider(language: Language, sources: &[(&str, &str)]) -> I18n {
    use_context_provider(|| I18n::new(language, sources))
}

/// The handle of the provider above.
///
/// # Panics
/// Without a provider above.
pub fn use_i18n() -> I18n {
    use_context()
}

/// The language chosen now, English without a provider. The caller is drawn again when it changes.
pub fn language() -> Language {
    provider().map_or(Language::English, |i18n| i18n.language())
}

/// The provider above, if there is one; outside of any component there is none.
fn provider() -> Option<I18n> {
    Runtime::try_current().and_then(|_| try_consume_context())
}

/// The text `id` in the language chosen now; what [`t!`](crate::t) calls.
pub fn translate(id: &str, args: &[(&'static str, Arg)]) -> String {
    thread_local! {
        static ALONE: Catalog = Catalog::new(&[]);
    }
    match provider() {
        Some(i18n) => i18n.text(id, args),
        None => ALONE.with(|catalog| catalog.text(Language::English, id, args)),
    }
}

/// The text with an id, in the language chosen now: `t!("pay-sign")`, `t!("gate-tries-left", tries = 2)`.
///
/// Works in components, hooks, event handlers and tasks below the provider.
#[macro_export]
macro_rules! t {
    ($id:expr $(,)?) => {
        $crate::i18n::translate($id, &[])
    };
    ($id:expr, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::translate($id, &[$((stringify!($name), $crate::i18n::Arg::from($value))),+])
    };
}
