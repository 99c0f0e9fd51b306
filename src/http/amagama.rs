//! The protocol of amaGama and of translate-toolkit's tmserver.
//!
//! What clients rely on: `quality` is a number with a point (Okapi takes nothing else), answers
//! are sorted by it (Okapi stops at the first below its threshold), languages come as `fr_fr`,
//! `fr_FR` and `fr-FR`, a slash of the text comes as `%2F` or as it is, and an address that is not
//! known is answered by 404.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Refusal, body, json_answer, lang};
use super::shared::{Shared, Wanted};
use crate::memory::Match;
use crate::similarity::Guard;
use crate::tasks::shown;
use crate::{Lang, Unit};

/// Where the protocol is served: as tmserver does, and as amaGama does.
const BASES: [&str; 2] = ["/tmserver/", "/api/v1/"];

/// What an address asks for. Texts are still percent-encoded.
#[derive(Debug, PartialEq, Eq)]
enum Asked<'a> {
    Languages,
    Unit { source: &'a str, target: &'a str, text: &'a str },
    Store { source: &'a str, target: &'a str },
}

/// Splits an address before anything in it is decoded, since a text may hold slashes.
fn asked(path: &str) -> Option<Asked<'_>> {
    let rest = BASES.iter().find_map(|base| path.strip_prefix(base))?;
    if matches!(rest, "languages" | "languages/") {
        return Some(Asked::Languages);
    }
    let mut parts = rest.splitn(4, '/');
    let (source, target, kind) = (parts.next()?, parts.next()?, parts.next()?);
    match kind {
        "unit" => Some(Asked::Unit { source, target, text: parts.next().unwrap_or_default() }),
        "store" => Some(Asked::Store { source, target }),
        _ => None,
    }
}

/// The kind of an address, for the log.
pub(super) fn route(path: &str) -> Option<&'static str> {
    asked(path).map(|asked| match asked {
        Asked::Languages => "amagama languages",
        Asked::Unit { .. } => "amagama unit",
        Asked::Store { .. } => "amagama store",
    })
}

/// A match, as the clients want it.
#[derive(Debug, Serialize)]
struct Candidate {
    source: String,
    target: String,
    quality: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Languages<'a> {
    source_languages: &'a [String],
    target_languages: &'a [String],
}

/// A unit that a client adds; the source may stand in the address alone.
#[derive(Debug, Deserialize)]
struct Pair {
    source: Option<String>,
    target: String,
}

pub(super) async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Answer {
    let (method, address) = (request.method().clone(), request.uri().clone());
    let reads = matches!(method, Method::GET | Method::HEAD);
    let writes = matches!(method, Method::PUT | Method::POST);
    match asked(address.path()).ok_or_else(Refusal::not_found)? {
        Asked::Languages if reads => languages(&shared).await,
        Asked::Unit { source, target, text } if reads => {
            lookup(&shared, wanted(source, target, text, address.query(), &shared)?).await
        }
        Asked::Unit { source, target, text } if writes => {
            let text = decoded(text, false)?;
            let langs = (tag(source)?, tag(target)?);
            add(&shared, langs, vec![body(request).await?], Some(text)).await
        }
        Asked::Store { source, target } if method == Method::POST => {
            let langs = (tag(source)?, tag(target)?);
            add(&shared, langs, body(request).await?, None).await
        }
        Asked::Languages => Ok(only("GET, HEAD")),
        Asked::Unit { .. } => Ok(only("GET, HEAD, POST, PUT")),
        Asked::Store { .. } => Ok(only("POST")),
    }
}

fn only(methods: &'static str) -> Response {
    ([(header::ALLOW, HeaderValue::from_static(methods))], Refusal::method()).into_response()
}

/// What an address asks for: by default five matches of 75 and above, as amaGama.
fn wanted(
    source: &str,
    target: &str,
    text: &str,
    query: Option<&str>,
    shared: &Shared,
) -> Result<Wanted, Refusal> {
    let mut text = decoded(text, false)?;
    let (mut threshold, mut limit) = (75.0, 5.0);
    for (name, value) in form(query.unwrap_or_default()) {
        let number = || match value.parse() {
            Ok(number) if f64::is_finite(number) => Ok(number),
            _ => Err(Refusal::bad("parameter", format!("{name} is not a number"))),
        };
        match name {
            "source" => text = decoded(value, true)?,
            "min_similarity" => threshold = number()?,
            "max_candidates" => limit = number()?,
            // `style` and whatever else clients send.
            _ => {}
        }
    }
    shared.check_length(&text)?;
    // A tenth below: scores are told with one digit after the point.
    let cap = shared.guarded_below - 0.1;
    Ok(Wanted {
        text,
        source: tag(source)?,
        target: tag(target)?,
        threshold,
        // Out of range it saturates.
        limit: (limit as usize).min(shared.limits.candidates),
        guard: Guard::with_cap(cap).with_repaired(cap),
    })
}

async fn lookup(shared: &Arc<Shared>, wanted: Wanted) -> Answer {
    let candidates = shared.work(move |shared| {
        let all = shared.all();
        let found = shared.lookup(&all, &wanted)?.matches;
        let candidate = |found: &Match| Candidate {
            source: found.source().text().into_owned(),
            target: found.target().text().into_owned(),
            // 100 is as high as the clients know.
            quality: shown(found.rank_score()).min(100.0),
        };
        Ok(found.iter().map(|found| candidate(found.found())).collect::<Vec<_>>())
    });
    json_answer(&candidates.await?)
}

async fn languages(shared: &Arc<Shared>) -> Answer {
    let languages = shared.work(|shared| {
        let mut languages = Vec::new();
        for held in &shared.memories {
            let stats = held.stats()?;
            languages.extend(stats.languages.iter().map(|held| held.lang.to_string()));
        }
        languages.sort();
        languages.dedup();
        Ok(languages)
    });
    let languages = languages.await?;
    json_answer(&Languages { source_languages: &languages, target_languages: &languages })
}

async fn add(
    shared: &Arc<Shared>,
    (source, target): (Lang, Lang),
    pairs: Vec<Pair>,
    text: Option<String>,
) -> Answer {
    let units = (pairs.into_iter())
        .map(|pair| {
            let own = pair.source.or_else(|| text.clone()).ok_or_else(|| {
                Refusal::bad("body", "the body is not as described: a unit has no source")
            })?;
            Ok(Unit::pair((source.clone(), own), (target.clone(), pair.target)))
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    let added = shared.work(move |shared| Ok(shared.written()?.add(units)?));
    added.await?;
    Ok(StatusCode::OK.into_response())
}

fn tag(encoded: &str) -> Result<Lang, Refusal> {
    lang(&decoded(encoded, false)?)
}

/// The names and values of a query, still encoded.
fn form(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Resolves percent-encoding; in a form a plus is a space.
fn decoded(text: &str, form: bool) -> Result<String, Refusal> {
    let text = if form { text.replace('+', " ") } else { text.to_owned() };
    percent_encoding::percent_decode_str(&text)
        .decode_utf8()
        .map(|text| text.into_owned())
        .map_err(|_| Refusal::bad("encoding", "the address is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_split_before_it_is_decoded() {
        let unit = |text| Some(Asked::Unit { source: "fr_fr", target: "en", text });
        assert_eq!(asked("/tmserver/fr_fr/en/unit/a%2Fb/c"), unit("a%2Fb/c"));
        assert_eq!(asked("/api/v1/fr_fr/en/unit/"), unit(""));
        assert_eq!(asked("/tmserver/languages/"), Some(Asked::Languages));
        assert_eq!(asked("/tmserver/fr/en/units/x"), None);
        assert_eq!(asked("/tmserver/"), None);
        assert_eq!(decoded("a%2Fb+c", false).unwrap(), "a/b+c");
        assert_eq!(decoded("a%2Bb+c", true).unwrap(), "a+b c");
        assert!(decoded("%ff", false).is_err());
    }

    #[test]
    fn every_client_names_languages_in_its_way() {
        let brazilian: Lang = "pt-BR".parse().unwrap();
        for written in ["pt_BR", "pt-br", "pt_br", "pt_BR.UTF-8", "pt_BR@euro", "PT-BR"] {
            assert_eq!(lang(written).unwrap(), brazilian, "{written}");
        }
        for written in ["", "..", "fr%", "é", "x y", "fr/../en"] {
            assert!(lang(written).is_err(), "{written}");
        }
    }
}
