//! What happens around every request: access, the time limit, headers, the log.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use super::answer::{Answer, Cause, Refusal};
use super::log::Entry;
use super::shared::Shared;
use super::{Right, amagama, api, page};

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let body_bytes = shared.limits.body_bytes;
    api::routes()
        .merge(page::routes())
        .method_not_allowed_fallback(|| async { Refusal::method() })
        .fallback(amagama::answer)
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), around))
        .layer(DefaultBodyLimit::max(body_bytes))
        .with_state(shared)
}

async fn around(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let address = shared.log_text.then(|| request.uri().to_string());
    let route = route(request.uri().path());
    let mut response = match checked(&shared, request, next).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    protect(response.headers_mut());
    if let Some(log) = &shared.log {
        let entry = Entry {
            method: &method,
            route,
            status: response.status().as_u16(),
            took: start.elapsed(),
            cause: response.extensions().get::<Cause>().map(|cause| cause.0.as_str()),
            address: address.as_deref(),
        };
        log(&entry.line());
    }
    response
}

async fn checked(shared: &Arc<Shared>, request: Request, next: Next) -> Answer {
    let preflight = request.method() == Method::OPTIONS;
    let needs = right(request.method(), request.uri().path());
    let origin = match page::route(request.uri().path()) {
        // It holds nothing of a memory, and may be opened by a link of another site.
        Some(_) => shared.access.check_for_page(request.headers()).map(|()| None)?,
        None => shared.access.check(request.headers(), needs, preflight)?,
    };
    let mut response = if preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let answer = tokio::time::timeout(shared.limits.request_time, next.run(request));
        answer.await.map_err(|_| {
            Refusal::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "the request took too long")
        })?
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin.and_then(|origin| HeaderValue::try_from(origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if preflight {
            let methods = HeaderValue::from_static("GET, POST, PUT");
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
            let allowed = HeaderValue::from_static("authorization, content-type");
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        }
    }
    Ok(response)
}

/// Nothing is kept by browsers, guessed from its content, or shown in the page of another.
fn protect(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
}

/// What a request needs a right to: reading, unless it can change the memory.
fn right(method: &Method, path: &str) -> Right {
    match *method {
        Method::GET | Method::HEAD | Method::OPTIONS => Right::Read,
        _ => api::right(path).unwrap_or(Right::Write),
    }
}

/// The kind of an address, for the log: the text in it is left out.
fn route(path: &str) -> &'static str {
    let known = [api::route, page::route, amagama::route];
    known.iter().find_map(|route| route(path)).unwrap_or("other")
}
