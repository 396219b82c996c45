//! The keys a city signs slips with: outside the database, the public halves in one file that everybody may have.
//!
//! `keys/slip/public.json` names them all, the oldest first; `keys/slip/ID.key` is the secret half of one. Another key comes by [`rotate`]; the one before
//! goes on verifying what it signed, unless it was lost.

use crate::Fault;
use crate::home::{Home, make_secret, secret_of};
use ed25519_dalek::SigningKey;
use kernel::Date;
use std::io::Write as _;
use std::path::PathBuf;
use verify::{Key, Keys};

fn folder(home: &Home) -> PathBuf {
    home.keys().join("slip")
}

/// The public keys; none where nothing was ever signed.
///
/// # Errors
/// [`Fault`] of the disk, or a file that does not read.
pub fn keys(home: &Home) -> Result<Option<Keys>, Fault> {
    let path = folder(home).join("public.json");
    match std::fs::read(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Fault::io(&path, &e)),
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| Fault(format!("{}: {e}", path.display()))),
    }
}

/// Held while a key is made: of two that find none, the second finds the first one's.
fn alone(home: &Home) -> Result<std::fs::File, Fault> {
    let (folder, path) = (folder(home), folder(home).join("lock"));
    std::fs::create_dir_all(&folder).map_err(|e| Fault::io(&folder, &e))?;
    let lock = std::fs::File::create(&path).map_err(|e| Fault::io(&path, &e))?;
    lock.lock().map_err(|e| Fault::io(&path, &e))?;
    Ok(lock)
}

/// Writes the file of public keys whole beside the old one, then in its place.
fn keep(home: &Home, keys: &Keys) -> Result<(), Fault> {
    let (path, new) = (folder(home).join("public.json"), folder(home).join("public.json.new"));
    let bytes = serde_json::to_vec_pretty(keys).map_err(|e| Fault(e.to_string()))?;
    let mut file = std::fs::File::create(&new).map_err(|e| Fault::io(&new, &e))?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|e| Fault::io(&new, &e))?;
    std::fs::rename(&new, &path).map_err(|e| Fault::io(&path, &e))
}

fn secret(home: &Home, id: &str) -> Result<SigningKey, Fault> {
    let path = folder(home).join(format!("{id}.key"));
    let bytes = std::fs::read(&path).map_err(|e| Fault::io(&path, &e))?;
    Ok(SigningKey::from_bytes(&secret_of(bytes, &path)?))
}

/// A new key that signs from a day on: its secret lies on disk before anybody can read its name.
fn add(home: &Home, mut keys: Keys, today: Date) -> Result<Keys, Fault> {
    // A secret left by a run that broke off is passed over: nobody was told its public half.
    let free = |n: &usize| !folder(home).join(format!("k{n}.key")).exists();
    let id = (keys.keys.len() + 1..).find(free).map(|n| format!("k{n}")).unwrap_or_default();
    let secret = SigningKey::from_bytes(&make_secret(&folder(home).join(format!("{id}.key")))?);
    keys.keys.push(Key {
        id,
        public: verify::sealed::public_text(&secret),
        from: today.to_string(),
        until: None,
        lost: false,
    });
    keep(home, &keys)?;
    Ok(keys)
}

/// The key that signs today with all public keys, made for this city where there is none.
///
/// # Errors
/// [`Fault`] of the disk.
pub(crate) fn signer(home: &Home, city: &str, today: Date) -> Result<(Keys, String, SigningKey), Fault> {
    let keys = match keys(home)? {
        Some(keys) => keys,
        None => {
            let _alone = alone(home)?;
            match keys(home)? {
                Some(keys) => keys,
                None => add(home, Keys { city: city.to_owned(), keys: Vec::new() }, today)?,
            }
        }
    };
    let day = today.to_string();
    let own = keys.keys.iter().rfind(|k| !k.lost && k.in_use_on(&day));
    let id = own.map(|k| k.id.clone()).ok_or_else(|| Fault("no key signs today".to_owned()))?;
    let secret = secret(home, &id)?;
    Ok((keys, id, secret))
}

/// Puts a new key in the place of the one that signs. `lost`: somebody else may have the old one; what it signed then proves nothing by itself.
///
/// # Errors
/// [`Fault`] of the disk. None where nothing was ever signed.
pub fn rotate(home: &Home, today: Date, lost: bool) -> Result<Option<Keys>, Fault> {
    if keys(home)?.is_none() {
        return Ok(None);
    }
    let _alone = alone(home)?;
    let Some(mut keys) = keys(home)? else { return Ok(None) };
    let day = today.to_string();
    for key in keys.keys.iter_mut().filter(|k| k.until.is_none()) {
        key.until = Some(day.clone());
        key.lost |= lost;
    }
    add(home, keys, today).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use verify::sign;

    #[test]
    fn whoever_signs_first_at_the_same_moment_signs_with_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).unwrap();
        let day: Date = "2026-01-01".parse().unwrap();
        let sign = || signer(&home, "KOTA CONTOH", day).unwrap().1;
        let ids: Vec<String> = std::thread::scope(|s| {
            let threads: Vec<_> = (0..8).map(|_| s.spawn(sign)).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        let known = keys(&home).unwrap().unwrap();
        assert!(known.keys.len() == 1 && ids.iter().all(|id| *id == known.keys[0].id), "{ids:?}");
    }

    #[test]
    fn keys_follow_one_another_and_a_lost_one_signs_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(keys(&home).unwrap().is_none() && rotate(&home, day("2026-01-01"), false).unwrap().is_none());
        let (_, first, _) = signer(&home, "KOTA CONTOH", day("2026-01-01")).unwrap();
        let (_, again, _) = signer(&home, "KOTA LAIN", day("2026-02-01")).unwrap();
        assert_eq!((first.as_str(), &again), ("k1", &first), "the city is named once");
        rotate(&home, day("2026-03-01"), true).unwrap();
        let (all, second, secret) = signer(&home, "", day("2026-03-01")).unwrap();
        assert_eq!((all.city.as_str(), second.as_str(), all.keys.len()), ("KOTA CONTOH", "k2", 2));
        assert!(all.keys[0].lost && !all.keys[1].lost && all.keys[0].until.as_deref() == Some("2026-03-01"));
        assert!(sign("X", &"a", &secret).is_ok());
        // A secret of a run that broke off does not stand in the way.
        std::fs::write(home.keys().join("slip/k3.key"), [0u8; 32]).unwrap();
        assert_eq!(rotate(&home, day("2026-04-01"), false).unwrap().unwrap().keys[2].id, "k4");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(home.keys().join("slip/k4.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
