//! Who may ask, and for what.

use std::fmt;

use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use subtle::ConstantTimeEq;

use super::answer::Refusal;

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// To look up.
    Read,
    /// To look up, add and undo.
    Write,
}

/// Who may use a server: tokens, the names it goes by, and the web pages that may ask.
///
/// ```
/// use chancery::http::{Access, Right};
///
/// let access = Access::new()
///     .token(Right::Read, "a-long-random-string")?
///     .host("memory.example.org")
///     .origin("https://translate.example.org");
/// assert!(!format!("{access:?}").contains("random"));
/// # Ok::<(), chancery::http::HttpError>(())
/// ```
#[derive(Clone, Default)]
pub struct Access {
    tokens: Vec<(Right, String)>,
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rights: Vec<Right> = self.tokens.iter().map(|(right, _)| *right).collect();
        f.debug_struct("Access")
            .field("tokens", &rights)
            .field("hosts", &self.hosts)
            .field("origins", &self.origins)
            .finish()
    }
}

impl Access {
    /// Everyone on this machine may do everything, and nobody elsewhere anything.
    pub fn new() -> Access {
        Access::default()
    }

    /// Adds a token. As soon as there is one, every request must bring one, as
    /// `Authorization: Bearer TOKEN`, or as the password of `Authorization: Basic` beside any name:
    /// a client that can be given an address only takes `http://any:TOKEN@host/tmserver`.
    ///
    /// # Errors
    ///
    /// [`HttpError::WeakToken`](super::HttpError::WeakToken) if it is shorter than 16 characters or
    /// holds others than visible ASCII ones.
    pub fn token(
        mut self,
        right: Right,
        token: impl Into<String>,
    ) -> Result<Access, super::HttpError> {
        let token = token.into();
        if token.len() < 16 || !token.bytes().all(|byte| (b'!'..=b'~').contains(&byte)) {
            return Err(super::HttpError::WeakToken);
        }
        self.tokens.push((right, token));
        Ok(self)
    }

    /// Adds a name the server is reached by, without the port. Loopback addresses, `localhost` and
    /// the address it listens on need not be given.
    pub fn host(mut self, name: impl Into<String>) -> Access {
        self.hosts.push(name.into().to_ascii_lowercase());
        self
    }

    /// Adds an origin (`https://translate.example.org`) whose web pages may ask. None by default.
    pub fn origin(mut self, origin: impl Into<String>) -> Access {
        self.origins.push(origin.into());
        self
    }

    pub(super) fn has_tokens(&self) -> bool {
        !self.tokens.is_empty()
    }

    /// Whether the request may be answered; gives the origin that the browser is to be told.
    pub(super) fn check(
        &self,
        headers: &HeaderMap,
        needs: Right,
        preflight: bool,
    ) -> Result<Option<String>, Refusal> {
        let host = self.check_host(headers)?;
        let origin = self.check_origin(headers, &host)?;
        // A browser asks without the token whether it may ask with it.
        if !preflight {
            self.check_token(headers, needs)?;
        }
        Ok(origin)
    }

    /// Whether the page may be given, which asks for everything else by itself.
    pub(super) fn check_for_page(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        self.check_host(headers)?;
        self.check_token(headers, Right::Read)
    }

    fn check_host(&self, headers: &HeaderMap) -> Result<String, Refusal> {
        let host = text(headers, header::HOST)
            .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "no-host", "a Host is needed"))?;
        let name = without_port(host).to_ascii_lowercase();
        let own = matches!(name.as_str(), "localhost" | "[::1]") || loopback(&name);
        match own || self.hosts.contains(&name) {
            true => Ok(host.to_owned()),
            false => Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "other-host",
                "this server does not go by that name; the one who runs it can allow it",
            )),
        }
    }

    fn check_origin(&self, headers: &HeaderMap, host: &str) -> Result<Option<String>, Refusal> {
        let refused = || {
            Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "other-origin",
                "pages of other sites may not ask; the one who runs the server can allow it",
            ))
        };
        if !headers.contains_key(header::ORIGIN) {
            // A page can also load an address as a script or picture, without an origin.
            return match text(headers, "sec-fetch-site") {
                Some("cross-site" | "same-site") => refused(),
                _ => Ok(None),
            };
        }
        let origin = text(headers, header::ORIGIN).unwrap_or_default();
        if self.origins.iter().any(|allowed| allowed == origin) {
            return Ok(Some(origin.to_owned()));
        }
        let own = ["http://", "https://"].iter().any(|s| origin.strip_prefix(s) == Some(host));
        if own { Ok(None) } else { refused() }
    }

    fn check_token(&self, headers: &HeaderMap, needs: Right) -> Result<(), Refusal> {
        if self.tokens.is_empty() {
            return Ok(());
        }
        let given = credentials(headers).unwrap_or_default();
        // Every token is compared, in a time that does not tell how much of it was right.
        let right = (self.tokens.iter())
            .filter(|(_, token)| bool::from(token.as_bytes().ct_eq(&given)))
            .map(|(right, _)| *right)
            .max();
        match right {
            Some(right) if right >= needs => Ok(()),
            Some(_) => Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "no-right",
                "this token allows reading only",
            )),
            None => Err(Refusal::new(
                StatusCode::UNAUTHORIZED,
                "no-token",
                "send a valid token as `Authorization: Bearer TOKEN`",
            )),
        }
    }
}

/// The value of a header that is there once; one that is repeated could be read in two ways.
fn text(headers: &HeaderMap, name: impl axum::http::header::AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The token a request brings.
fn credentials(headers: &HeaderMap) -> Option<Vec<u8>> {
    let (scheme, rest) = text(headers, header::AUTHORIZATION)?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("Bearer") {
        return Some(rest.trim().as_bytes().to_vec());
    }
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let pair = BASE64.decode(rest.trim()).ok()?;
    let colon = pair.iter().position(|&byte| byte == b':')?;
    Some(pair[colon + 1..].to_vec())
}

/// Whether it is an IPv4 address of this machine.
fn loopback(name: &str) -> bool {
    name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(access: &Access, headers: &[(&'static str, &str)], needs: Right) -> Result<(), u16> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        access.check(&map, needs, false).map(|_| ()).map_err(|refusal| refusal.status.as_u16())
    }

    #[test]
    fn a_page_of_another_site_reads_nothing() {
        let access = Access::new();
        let own = ("host", "127.0.0.1:8123");
        assert_eq!(ask(&access, &[own], Right::Write), Ok(()));
        assert_eq!(ask(&access, &[own, ("origin", "http://127.0.0.1:8123")], Right::Read), Ok(()));
        for origin in ["http://evil.example", "null", "http://127.0.0.1:8124", "file://"] {
            assert_eq!(ask(&access, &[own, ("origin", origin)], Right::Read), Err(403), "{origin}");
        }
        assert_eq!(ask(&access, &[own, ("sec-fetch-site", "cross-site")], Right::Read), Err(403));
    }

    #[test]
    fn a_name_that_was_rebound_is_refused() {
        for host in ["evil.example", "evil.example:8123", "localhost.evil.example", "1127.0.0.1"] {
            assert_eq!(ask(&Access::new(), &[("host", host)], Right::Read), Err(403), "{host}");
        }
        let access = Access::new().host("Memory.example.org");
        assert_eq!(ask(&access, &[("host", "memory.example.org:80")], Right::Read), Ok(()));
        assert_eq!(ask(&access, &[], Right::Read), Err(400));
    }

    #[test]
    fn tokens_have_rights() {
        let access = Access::new()
            .token(Right::Read, "reader-0123456789")
            .and_then(|access| access.token(Right::Write, "writer-0123456789"))
            .unwrap();
        let with = |token: &str, needs| {
            ask(&access, &[("host", "localhost"), ("authorization", token)], needs)
        };
        assert_eq!(with("Bearer reader-0123456789", Right::Read), Ok(()));
        assert_eq!(with("Bearer reader-0123456789", Right::Write), Err(403));
        assert_eq!(with("Bearer writer-0123456789", Right::Write), Ok(()));
        assert_eq!(with("Bearer writer-012345678", Right::Read), Err(401));
        assert_eq!(with("Basic d3JpdGVy", Right::Read), Err(401));
        let password = format!("Basic {}", BASE64.encode("weblate:reader-0123456789"));
        assert_eq!(with(&password, Right::Read), Ok(()));
        assert!(Access::new().token(Right::Read, "short").is_err());
    }
}
