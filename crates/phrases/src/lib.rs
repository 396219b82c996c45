//! Every sentence a user can see, in Indonesian and English.
//!
//! * **In:** a language, a key, arguments that are already text.
//! * **Out:** a sentence.
//! * **Does not know:** what the sentences are about. It contains the Fluent library, and forbids
//!   missing keys: the build fails where a language lacks one.
//! * **Read first:** [`say`].
//!
//! ```
//! use phrases::{Language, key, say};
//! assert_eq!(say(Language::Indonesian, key::STATE_EXPOSED, &[]), "Terbuka risiko");
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

/// A sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(&'static str);

impl Key {
    /// The key of a name made at run time, such as `problem-` and a code.
    pub fn find(name: &str) -> Option<Key> {
        KEYS.binary_search(&name).ok().map(|i| Key(KEYS[i]))
    }
}

/// A language of the users.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Bahasa Indonesia, the first.
    #[default]
    Indonesian,
    /// English.
    English,
}

impl Language {
    /// `id` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::English => "en",
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static INDONESIAN: OnceLock<Bundle> = OnceLock::new();
    static ENGLISH: OnceLock<Bundle> = OnceLock::new();
    let (cell, texts) = match language {
        Language::Indonesian => (&INDONESIAN, ID),
        Language::English => (&ENGLISH, EN),
    };
    cell.get_or_init(|| {
        let tag = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks would stand between our text and a search for it.
        bundle.set_use_isolating(false);
        for text in texts {
            let resource = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) => resource,
                Err((_, errors)) => unreachable!("built-in sentences do not parse: {errors:?}"),
            };
            if let Err(errors) = bundle.add_resource(resource) {
                unreachable!("built-in sentences clash: {errors:?}");
            }
        }
        bundle
    })
}

/// Says a sentence. Arguments a sentence does not use are ignored.
pub fn say(language: Language, key: Key, arguments: &[(&str, &str)]) -> String {
    let bundle = bundle(language);
    let mut args = FluentArgs::new();
    for (name, value) in arguments {
        args.set(*name, *value);
    }
    let Some(pattern) = bundle.get_message(key.0).and_then(|m| m.value()) else { return key.0.to_owned() };
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

/// Says the sentence of a name made at run time; the name itself where there is none.
pub fn say_named(language: Language, name: &str, arguments: &[(&str, &str)]) -> String {
    Key::find(name).map_or_else(|| name.to_owned(), |key| say(language, key, arguments))
}

/// [`say_named`] with words that were made for it.
#[must_use]
pub fn say_with(language: Language, name: &str, arguments: &[(&str, String)]) -> String {
    let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, text)| (*name, text.as_str())).collect();
    say_named(language, name, &arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_speaks_in_both_languages() {
        for name in KEYS {
            for language in [Language::Indonesian, Language::English] {
                let said = say(language, Key(name), &[]);
                assert!(!said.is_empty() && said != *name, "{name} in {}", language.code());
            }
        }
    }
}
