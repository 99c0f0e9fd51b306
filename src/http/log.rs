//! The log: a JSON object a line, without the text of segments.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

/// What is logged of a request.
pub(super) struct Entry<'a> {
    pub(super) method: &'a Method,
    /// The kind of address: the text in it is left out.
    pub(super) route: &'static str,
    pub(super) status: u16,
    pub(super) took: Duration,
    /// What went wrong, where the client was not told.
    pub(super) cause: Option<&'a str>,
    /// The address with everything in it, where that was asked for.
    pub(super) address: Option<&'a str>,
}

impl Entry<'_> {
    pub(super) fn line(&self) -> String {
        let now = jiff::Timestamp::now();
        let mut entry = json!({
            "time": format!("{now:.3}"),
            "method": self.method.as_str(),
            "route": self.route,
            "status": self.status,
            "ms": (self.took.as_secs_f64() * 1e6).round() / 1e3,
        });
        if let Some(cause) = self.cause {
            entry["error"] = Value::from(cause);
        }
        if let Some(address) = self.address {
            entry["address"] = Value::from(address);
        }
        entry.to_string()
    }
}
