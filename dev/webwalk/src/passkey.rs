//! A passkey: added on the account's page, used at the door, ended. The device is the browser's own made-up one, which
//! makes real keys and real signatures.

use crate::tell::tell;
use crate::walk::{Step, Walker, said};
use fantoccini::cookies::Cookie;
use std::time::Duration;

impl Walker {
    /// Passkeys are not good at a number of a machine, so for a while the desk goes by its name. Leaves the session as it
    /// was.
    pub(crate) async fn passkey(&mut self) -> Step {
        let named = self.base.replace("127.0.0.1", "localhost");
        let session = self.cookies().await?;
        let by_number = std::mem::replace(&mut self.base, named);
        let here = |cookie: &Cookie<'static>| {
            let mut own = cookie.clone();
            own.set_domain("localhost");
            own
        };
        self.sit_as(&session.iter().map(here).collect::<Vec<_>>()).await?;
        let done = self.passkey_by_name().await;
        self.base = by_number;
        done?;
        self.sit_as(&session).await
    }

    /// Adds a passkey, signs out, comes in with it, ends it, and is not let in any more.
    async fn passkey_by_name(&mut self) -> Step {
        tell(&self.browser, "WebAuthn.enable", serde_json::json!({})).await?;
        let device = serde_json::json!({ "options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true,
        } });
        tell(&self.browser, "WebAuthn.addVirtualAuthenticator", device).await?;
        self.go("/akun").await?;
        self.fill("perangkat", "Laptop dinas").await?;
        self.press("form[data-passkey] button").await?;
        self.expect("Laptop dinas").await?;
        self.look("/akun", "administrator-kunci-sandi").await?;
        self.browser.delete_all_cookies().await.map_err(said)?;
        self.look("/masuk", "kunci-sandi").await?;
        self.go("/masuk?ke=/akun").await?;
        self.press("form[data-passkey] button").await?;
        self.arrive("/akun").await?;
        self.go("/akun").await?;
        self.press("form[action^='/akun/sandi-kunci/'] button").await?;
        self.expect("Tambahkan kunci sandi").await?;
        self.browser.delete_all_cookies().await.map_err(said)?;
        self.go("/masuk").await?;
        self.press("form[data-passkey] button").await?;
        self.expect("tidak dikenal di sini").await?;
        self.look_here("kunci-sandi-dicabut").await?;
        tell(&self.browser, "WebAuthn.disable", serde_json::json!({})).await
    }

    /// The browser gets to a page within five seconds.
    async fn arrive(&self, path: &str) -> Step {
        for _ in 0..50 {
            if self.browser.current_url().await.map_err(said)?.path() == path {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("{path} was not reached: {}", self.text().await))
    }
}
