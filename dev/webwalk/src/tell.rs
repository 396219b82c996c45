//! Words of the browser's own protocol, carried by its driver.

use fantoccini::Client;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use url::{ParseError, Url};

#[derive(Debug)]
struct Tell {
    command: &'static str,
    parameters: serde_json::Value,
}

impl WebDriverCompatibleCommand for Tell {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = serde_json::json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}

/// Tells the browser.
pub(crate) async fn tell(browser: &Client, command: &'static str, parameters: serde_json::Value) -> Result<(), String> {
    browser.issue_cmd(Tell { command, parameters }).await.map(|_| ()).map_err(|e| e.to_string())
}

/// Height of a screen.
pub(crate) const SCREEN: u64 = 900;

/// Makes the page so many CSS pixels wide and high: a window of the headless browser is never under 500 pixels, a cheap
/// phone is.
pub(crate) async fn set_width(browser: &Client, width: u32, height: u64) -> Result<(), String> {
    let parameters = serde_json::json!({
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
    });
    tell(browser, "Emulation.setDeviceMetricsOverride", parameters).await
}
