//! Passkeys: a key pair on somebody's phone, computer or stick, which proves the device and, by its PIN or
//! fingerprint, the person. Both factors in one step, and nothing that can be typed into a false page.
//!
//! * **In:** the site's address, what was kept of the attempt and of the key, the browser's answer.
//! * **Out:** options for the browser; then a key to keep, or the proof that its holder is here.
//! * **Does not know:** members, sessions, pages, the database.
//! * **Random numbers and the clock** are the library's: it draws each challenge and holds an answer against its five
//!   minutes. Nothing derived rests on either.
//! * **Read first:** [`offer`] and [`accept`], then [`ask`] and [`prove`].
//!
//! Source: Web Authentication Level 3, sections 7.1 and 7.2; discoverable credentials with user verification required.

use crate::Trouble;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::AuthenticationVerificationOptions;
use webauthn_rp::request::register::{
    CredProtect, Nickname, PublicKeyCredentialUserEntity, RegistrationVerificationOptions, USER_HANDLE_MAX_LEN,
    UserHandle, Username,
};
use webauthn_rp::request::{AsciiDomain, PublicKeyCredentialDescriptor, RpId};
use webauthn_rp::response::register::{DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication64, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions, PublicKeyCredentialCreationOptions, Registration, RegistrationServerState,
};

/// Where keys are good: a name, never a number of a machine, and https everywhere but on this machine.
#[derive(Debug, Clone)]
pub struct Place {
    id: RpId,
    host: String,
    origin: String,
}

impl Place {
    /// The name keys are good at: a page under another one must not ask for them.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Of the site's address; none where passkeys cannot be used there.
    pub fn of(address: &str) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let authority = rest.split('/').next()?;
        // This machine has a name of its own, by which browsers let passkeys be used.
        let authority = match authority.strip_prefix("127.0.0.1") {
            Some(port) => format!("localhost{port}"),
            None => authority.to_ascii_lowercase(),
        };
        let host = authority.split(':').next()?;
        let is_name = host.bytes().any(|b| b.is_ascii_alphabetic()) && !host.starts_with('[');
        let is_safe = scheme == "https" || host == "localhost" || host.ends_with(".localhost");
        if !is_name || !is_safe {
            return None;
        }
        let id = RpId::Domain(AsciiDomain::try_from(host.to_owned()).ok()?);
        Some(Self { id, host: host.to_owned(), origin: format!("{scheme}://{authority}") })
    }
}

/// An attempt that has begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// For the browser, JSON.
    pub options: String,
    /// To be kept until the answer comes; good once.
    pub secret: Vec<u8>,
}

/// A key as it is kept. None of it is secret: the secret half never leaves the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The device's name for it.
    pub id: Vec<u8>,
    /// The device's name for its holder: 64 random bytes, the same for all keys of one person.
    pub holder: Vec<u8>,
    /// Public half and what never changes.
    pub public: Vec<u8>,
    /// How often it was used, and what else changes.
    pub state: Vec<u8>,
}

/// Who a key is for.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// Random bytes that stand for the person; none where the first key is made.
    pub handle: Option<&'a [u8]>,
    /// Address, shown by the device.
    pub login: &'a str,
    /// Name, shown by the device.
    pub name: &'a str,
    /// Names of the keys the person has.
    pub has: &'a [Vec<u8>],
}

fn unproven(why: impl std::fmt::Display) -> Trouble {
    Trouble::Unproven(why.to_string())
}

fn handle_of(bytes: &[u8]) -> Result<UserHandle<USER_HANDLE_MAX_LEN>, Trouble> {
    let array: [u8; USER_HANDLE_MAX_LEN] = bytes.try_into().map_err(|_| unproven("the holder's name is damaged"))?;
    UserHandle::decode(array).map_err(unproven)
}

fn json<T: serde::Serialize>(options: &T) -> Result<String, Trouble> {
    serde_json::to_string(options).map_err(unproven)
}

/// Begins making a key; answers the holder's handle as well, which has to be given to [`accept`].
///
/// # Errors
/// [`Trouble::Unproven`] where names cannot be shown by devices.
pub fn offer(place: &Place, holder: Holder<'_>) -> Result<(Begun, Vec<u8>), Trouble> {
    let handle = match holder.handle {
        Some(bytes) => handle_of(bytes)?,
        None => UserHandle::new(),
    };
    let user = PublicKeyCredentialUserEntity {
        name: Username::try_from(holder.login).map_err(unproven)?,
        id: &handle,
        // A name a device cannot show is left out.
        display_name: Nickname::try_from(holder.name).ok(),
    };
    let known = |id: &Vec<u8>| {
        let id = CredentialId::<Vec<u8>>::decode(id.clone()).map_err(unproven)?;
        Ok(PublicKeyCredentialDescriptor { id, transports: AuthTransports::decode(0).map_err(unproven)? })
    };
    let known = holder.has.iter().map(known).collect::<Result<Vec<_>, Trouble>>()?;
    let mut options = PublicKeyCredentialCreationOptions::passkey(&place.id, user, known);
    // An extension many devices lack; user verification is asked for each time anyhow.
    options.extensions.cred_protect = CredProtect::None;
    let (server, client) = options.start_ceremony().map_err(unproven)?;
    let secret = server.encode().map_err(unproven)?;
    let begun = Begun { options: json(&client)?, secret };
    let bytes = handle.encode().map_err(unproven)?.to_vec();
    Ok((begun, bytes))
}

/// The browser's answer to an offer.
///
/// # Errors
/// [`Trouble::Unproven`] where it proves nothing.
pub fn accept(place: &Place, handle: &[u8], secret: &[u8], answer: &str) -> Result<Key, Trouble> {
    let server = RegistrationServerState::<USER_HANDLE_MAX_LEN>::decode(secret).map_err(unproven)?;
    let registration = Registration::from_json_relaxed(answer.as_bytes()).map_err(unproven)?;
    let origins = [place.origin.as_str()];
    let options = RegistrationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let key = server.verify(&place.id, &registration, &options).map_err(unproven)?;
    if key.user_id().encode().map_err(unproven)?.as_slice() != handle {
        return Err(unproven("the key is for somebody else"));
    }
    Ok(Key {
        id: key.id().encode().map_err(unproven)?.to_vec(),
        holder: handle.to_vec(),
        public: key.static_state().encode().map_err(unproven)?,
        state: key.dynamic_state().encode().map_err(unproven)?.to_vec(),
    })
}

/// Begins asking for a key, whoever holds it.
///
/// # Errors
/// [`Trouble::Unproven`] where the library refuses its own options.
pub fn ask(place: &Place) -> Result<Begun, Trouble> {
    let options = DiscoverableCredentialRequestOptions::passkey(&place.id);
    let (server, client) = options.start_ceremony().map_err(unproven)?;
    Ok(Begun { options: json(&client)?, secret: server.encode().map_err(unproven)?.to_vec() })
}

/// Which key an answer claims to come from.
///
/// # Errors
/// [`Trouble::Unproven`] where the answer is none.
pub fn claimed(answer: &str) -> Result<Vec<u8>, Trouble> {
    let answer = DiscoverableAuthentication64::from_json_relaxed(answer.as_bytes()).map_err(unproven)?;
    Ok(answer.raw_id().encode().map_err(unproven)?.to_vec())
}

/// Does the answer prove that the key's holder is here? The key's state moves on.
///
/// # Errors
/// [`Trouble::Unproven`] where it does not: a wrong signature, another site, an attempt that is too old, a copied key.
pub fn prove(place: &Place, secret: &[u8], answer: &str, key: &mut Key) -> Result<(), Trouble> {
    let server = DiscoverableAuthenticationServerState::decode(secret).map_err(unproven)?;
    let answer = DiscoverableAuthentication64::from_json_relaxed(answer.as_bytes()).map_err(unproven)?;
    let handle = handle_of(&key.holder)?;
    let state: [u8; 7] = key.state.as_slice().try_into().map_err(|_| unproven("the key is damaged"))?;
    let mut credential = AuthenticatedCredential::new(
        CredentialId::<&[u8]>::decode(&key.id).map_err(unproven)?,
        &handle,
        StaticState::decode(&key.public).map_err(unproven)?,
        DynamicState::decode(state).map_err(unproven)?,
    )
    .map_err(unproven)?;
    let origins = [place.origin.as_str()];
    let options = AuthenticationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    server.verify(&place.id, &answer, &mut credential, &options).map_err(unproven)?;
    let moved = credential.dynamic_state().encode().map_err(unproven)?.to_vec();
    key.state = moved;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_good_at_named_and_safe_addresses() {
        let origin = |address: &str| Place::of(address).map(|p| p.origin);
        assert_eq!(origin("https://Payung.Kota.go.id/").as_deref(), Some("https://payung.kota.go.id"));
        assert_eq!(origin("https://payung.kota.go.id:8443").as_deref(), Some("https://payung.kota.go.id:8443"));
        assert_eq!(origin("http://127.0.0.1:8080").as_deref(), Some("http://localhost:8080"));
        for address in ["http://payung.kota.go.id", "https://10.1.2.3", "https://[::1]:8080", "", "payung.kota.go.id"] {
            assert_eq!(origin(address), None, "{address}");
        }
    }

    #[test]
    fn nonsense_proves_nothing() {
        let place = Place::of("http://localhost:1").unwrap();
        let begun = ask(&place).unwrap();
        assert!(begun.options.contains("challenge"));
        let key = Key { id: vec![1; 32], holder: vec![2; 64], public: vec![3; 34], state: vec![0; 7] };
        for answer in ["", "{}", "[1]", "{\"id\":\"AQ\",\"rawId\":\"AQ\",\"type\":\"public-key\",\"response\":{}}"] {
            assert!(claimed(answer).is_err(), "{answer}");
            assert!(prove(&place, &begun.secret, answer, &mut key.clone()).is_err(), "{answer}");
            assert!(accept(&place, &[2; 64], &begun.secret, answer).is_err(), "{answer}");
        }
        let holder = Holder { handle: None, login: "sari@kota.example", name: "Sari", has: &[] };
        let (first, handle) = offer(&place, holder).unwrap();
        let (second, same) = offer(&place, Holder { handle: Some(&handle), ..holder }).unwrap();
        assert_eq!(handle, same, "all keys of a person are of one holder");
        assert_ne!(first.options, second.options, "a challenge is used once");
    }
}
