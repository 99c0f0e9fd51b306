//! The pages for people, to search and to review alignments: files that hold nothing of a memory.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::get;

use super::shared::Shared;

/// Address, type and content of each file.
const FILES: [(&str, &str, &str); 9] = [
    ("/", HTML, include_str!("page/index.html")),
    ("/review", HTML, include_str!("page/review.html")),
    ("/page.css", CSS, include_str!("page/page.css")),
    // The reviser meets the same table here and on the page that `chancery align` writes.
    ("/review.css", CSS, crate::exchange::review::STYLE),
    ("/texts.js", SCRIPT, include_str!("page/texts.js")),
    ("/common.js", SCRIPT, include_str!("page/common.js")),
    ("/search.js", SCRIPT, include_str!("page/search.js")),
    ("/beads.js", SCRIPT, include_str!("page/beads.js")),
    ("/review.js", SCRIPT, include_str!("page/review.js")),
];

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The page loads from here and asks here, and nowhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
                      connect-src 'self'; form-action 'none'; frame-ancestors 'none'; \
                      base-uri 'none'";

pub(super) fn routes() -> Router<Arc<Shared>> {
    FILES.into_iter().fold(Router::new(), |router, (path, kind, content)| {
        router.route(path, get(move || async move { file(kind, content) }))
    })
}

fn file(kind: &'static str, content: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, content)
}

/// The address as it is logged.
pub(super) fn route(path: &str) -> Option<&'static str> {
    FILES.iter().map(|(known, ..)| *known).find(|known| *known == path)
}
