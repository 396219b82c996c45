//! Sends to addresses of the open net only: what a name leads to is looked at before anybody connects, and the connection goes to what was looked at.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// Seconds another program may take for an answer.
const ANSWER_SECONDS: u64 = 10;

/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// Where something may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: String,
    /// May it lie in the city's own net? Said in the settings by whoever runs the machine, never by whoever uses it.
    private: bool,
}

/// Why a target is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadTarget {
    /// Not an address, or with a name and password, or with a fragment.
    Address,
    /// Not over TLS. A target in the city's own net may be without.
    Plain,
}

impl Target {
    /// May it lie in the city's own net?
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// Takes an address apart.
    ///
    /// # Errors
    /// [`BadTarget`].
    pub fn parse(url: &str, private: bool) -> Result<Self, BadTarget> {
        let uri: Uri = url.parse().map_err(|_| BadTarget::Address)?;
        let host = uri.authority().map(|a| a.as_str()).unwrap_or_default();
        if host.is_empty() || host.contains('@') || url.contains('#') {
            return Err(BadTarget::Address);
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if private => {}
            Some("http") => return Err(BadTarget::Plain),
            _ => return Err(BadTarget::Address),
        }
        Ok(Self { url: url.to_owned(), private })
    }
}

/// Why nothing came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// The name leads nowhere, or to an address that is nobody's business: this machine, the city's own net, a machine that serves clouds.
    NoAddress,
    /// Nobody answered, or not in time.
    Unreachable(String),
}

/// Is an address one of the open net?
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => is_public_four(a),
        IpAddr::V6(a) => match a.to_ipv4_mapped() {
            Some(four) => is_public_four(four),
            None => is_public_six(a),
        },
    }
}

fn is_public_four(a: Ipv4Addr) -> bool {
    let [first, second, third, _] = a.octets();
    !(a.is_unspecified()
        || a.is_loopback()
        || a.is_private()
        || a.is_link_local()
        || a.is_broadcast()
        || a.is_documentation()
        || a.is_multicast()
        || first == 0
        || first >= 240
        // Shared address space of providers, protocol assignments, benchmarks (RFC 6890).
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && (18..20).contains(&second)))
}

fn is_public_six(a: Ipv6Addr) -> bool {
    let s = a.segments();
    // Global unicast only (2000::/3), without documentation, and without what carries another address inside.
    (s[0] & 0xe000) == 0x2000
        && !(s[0] == 0x2001 && (s[1] == 0xdb8 || s[1] < 0x200))
        && s[0] != 0x2002
        && s[0] != 0x3fff
}

/// Resolves a name and keeps only what may be reached.
struct Public {
    inner: DefaultResolver,
    private: bool,
}

impl fmt::Debug for Public {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Public")
    }
}

impl Resolver for Public {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        // One private address among several refuses them all: a name that changes its mind is not asked twice.
        for address in found.iter() {
            if !self.private && !is_public(address.ip()) {
                return Err(ureq::Error::HostNotFound);
            }
            kept.push(*address);
        }
        Ok(kept)
    }
}

/// Posts JSON with headers; status and body of the answer. Redirects are not followed: they lead where nobody looked.
///
/// # Errors
/// [`Failed`].
pub fn post(target: &Target, headers: &[(&str, &str)], body: &[u8]) -> Result<(u16, Vec<u8>), Failed> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(ANSWER_SECONDS)))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent("payung")
        .build();
    let resolver = Public { inner: DefaultResolver::default(), private: target.private };
    let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
    let mut request = agent.post(&target.url).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send(body);
    match answer {
        Ok(mut answer) => {
            let status = answer.status().as_u16();
            let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().unwrap_or_default();
            Ok((status, body))
        }
        Err(ureq::Error::HostNotFound) => Err(Failed::NoAddress),
        Err(error) => Err(Failed::Unreachable(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    #[test]
    fn only_addresses_of_the_open_net() {
        let public = |text: &str| is_public(text.parse().unwrap());
        for open in ["8.8.8.8", "103.10.10.10", "2606:4700::1111", "::ffff:8.8.8.8", "100.128.0.1", "198.20.0.1"] {
            assert!(public(open), "{open}");
        }
        for closed in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2001:db8::1",
            "2001::1",
            "2002:a00:1::",
        ] {
            assert!(!public(closed), "{closed}");
        }
    }

    #[test]
    fn a_target_is_an_address_over_tls() {
        assert!(Target::parse("https://sipd.example.go.id/payung", false).is_ok());
        assert_eq!(Target::parse("http://sipd.example.go.id/", false), Err(BadTarget::Plain));
        assert!(Target::parse("http://10.0.0.7/payung", true).is_ok());
        for bad in ["", "sipd", "ftp://x/", "https://a:b@c/", "https://x/#y", "file:///etc/passwd", "https:///x"] {
            assert_eq!(Target::parse(bad, true), Err(BadTarget::Address), "{bad}");
        }
    }

    /// One answer to one request; what was asked.
    fn serve(answer: &'static str) -> (u16, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0u8; 4_096];
            let n = stream.read(&mut asked).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&asked[..n]).into_owned()
        });
        (port, served)
    }

    #[test]
    fn what_leads_home_is_refused_before_anybody_connects() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"] {
            let target = Target::parse(&format!("https://{host}:{port}/"), false).unwrap();
            assert_eq!(post(&target, &[], b"{}"), Err(Failed::NoAddress), "{host}");
        }
        assert!(listener.accept().is_err(), "nobody connected");
    }

    #[test]
    fn a_redirect_is_an_answer_and_not_followed() {
        let (port, served) = serve("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n");
        let target = Target::parse(&format!("http://127.0.0.1:{port}/x"), true).unwrap();
        assert_eq!(post(&target, &[("webhook-id", "payung-1")], b"{}").map(|a| a.0), Ok(302));
        let asked = served.join().unwrap().to_lowercase();
        assert!(asked.starts_with("post /x ") && asked.contains("webhook-id: payung-1"), "{asked}");
    }
}
