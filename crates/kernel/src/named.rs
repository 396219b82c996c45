//! Closed sets of words: an enum whose variants each have the one name under which they are stored, printed and read.

/// Makes such an enum: `ALL` in the order written, `name`, `parse`, and serde by the name.
///
/// ```
/// kernel::named! {
///     /// A light.
///     Light {
///         /// Go.
///         Green = "green",
///         /// Stop.
///         Red = "red",
///     }
/// }
/// assert_eq!(Light::parse("red"), Some(Light::Red));
/// assert_eq!(Light::ALL.iter().map(|l| l.name()).collect::<Vec<_>>(), ["green", "red"]);
/// assert_eq!(serde_json::to_string(&Light::Green).unwrap(), "\"green\"");
/// assert!(serde_json::from_str::<Light>("\"blue\"").is_err());
/// ```
#[macro_export]
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// All, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As stored and printed.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// By its name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.name() == name)
            }
        }

        impl $crate::named::serde::Serialize for $name {
            fn serialize<S: $crate::named::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> $crate::named::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::named::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = <String as $crate::named::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&name).ok_or_else(|| {
                    <D::Error as $crate::named::serde::de::Error>::custom(format!("no {} is called {name}", stringify!($name)))
                })
            }
        }
    };
}

#[doc(hidden)]
pub use serde;
