//! Answers and refusals as JSON.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::Lang;
use crate::memory::MemoryError;
use crate::tasks::TermStoreError;

/// Why a request is not answered: a status, a stable code and a sentence for a person.
///
/// It never holds what a memory holds, nor where it lies.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    code: &'static str,
    message: String,
    /// What the log says of it besides.
    cause: Option<Cause>,
}

/// What went wrong, for the log alone.
#[derive(Clone, Debug)]
pub(super) struct Cause(pub(super) String);

impl Refusal {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> Refusal {
        Refusal { status, code, message: message.into(), cause: None }
    }

    pub(super) fn caused_by(self, cause: impl ToString) -> Refusal {
        Refusal { cause: Some(Cause(cause.to_string())), ..self }
    }

    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// What is as described and still makes no sense.
    pub(super) fn unusable(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    pub(super) fn not_found() -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this address")
    }

    pub(super) fn method() -> Refusal {
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method", "not with this method")
    }
}

impl From<MemoryError> for Refusal {
    /// What a client can mend is told to it, the rest to the log.
    fn from(error: MemoryError) -> Refusal {
        let (status, code) = match &error {
            MemoryError::Rejected { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "rejected"),
            MemoryError::NoSuchRevision { .. } => (StatusCode::NOT_FOUND, "no-such-revision"),
            MemoryError::ChangedSince { .. } => (StatusCode::CONFLICT, "changed-since"),
            MemoryError::Purged { .. } => (StatusCode::CONFLICT, "purged"),
            MemoryError::Busy { .. } => {
                let message = "another program is writing to the memory; try again later";
                return Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
                    .caused_by(error);
            }
            _ => {
                let message = "the memory can not be used; the log of the server says why";
                return Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "memory", message)
                    .caused_by(error);
            }
        };
        Refusal::new(status, code, error.to_string())
    }
}

impl From<TermStoreError> for Refusal {
    fn from(error: TermStoreError) -> Refusal {
        match error {
            TermStoreError::Memory(error) => error.into(),
            other => {
                let message = "the termbase can not be read; the log of the server says why";
                Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "termbase", message)
                    .caused_by(other)
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "message": self.message } });
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            // Browsers ask for a name and a password then; the token is the password.
            let ways = HeaderValue::from_static("Basic realm=\"chancery\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, ways);
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

pub(super) type Answer = Result<Response, Refusal>;

/// An answer in JSON.
pub(super) fn json_answer(value: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(value).map_err(|error| {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the answer failed")
            .caused_by(error)
    })?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Reads the body of a request as JSON, whatever its content type.
pub(super) async fn body<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| {
        Refusal::new(rejection.status(), "body", "the body is too large, or broke off")
    })?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Refusal::bad("body", format!("the body is not as described: {error}")))
}

/// Reads the body of a request that says that it is JSON.
pub(super) async fn json_body<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let message = "send JSON, with `Content-Type: application/json`";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", message));
    }
    body(request).await
}

/// A language as any of the clients writes it: `fr`, `fr_fr`, `fr_FR.UTF-8`, `sr@latin`.
pub(super) fn lang(written: &str) -> Result<Lang, Refusal> {
    let written = written.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    written.parse().map_err(|_| Refusal::bad("language", "that is no language tag"))
}
