//! Names of memories that are addresses of a server.

/// Whether a name is an address, `postgres://…`, rather than a path.
pub(crate) fn is_address(name: &std::path::Path) -> bool {
    let text = name.to_str().unwrap_or_default();
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// The address without a password.
pub(crate) fn without_password(address: &str) -> String {
    let (base, query) = address.split_once('?').unwrap_or((address, ""));
    let mut shown = match base.split_once("://").and_then(|(scheme, rest)| {
        let (user, place) = rest.rsplit_once('@')?;
        let user = user.split_once(':').map_or(user, |(user, _)| user);
        Some(format!("{scheme}://{user}@{place}"))
    }) {
        Some(shown) => shown,
        None => base.to_owned(),
    };
    let options: Vec<&str> =
        query.split('&').filter(|o| !o.is_empty() && !o.starts_with("password=")).collect();
    if !options.is_empty() {
        shown.push('?');
        shown.push_str(&options.join("&"));
    }
    shown
}
