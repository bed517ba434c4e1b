//! Who calls, as far as headers tell: the name that was asked, the address it comes from, and whether a
//! form was sent from a page of ours. What a proxy adds is believed of a trusted one only.

use crate::app::App;
use crate::site::Site;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::uri::Authority;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The name that was asked, without its port. Empty when none was.
pub fn host<'r>(app: &App, request: &'r ServiceRequest) -> Cow<'r, str> {
    if app.trusts(peer(request)) {
        let info = request.connection_info();
        return Cow::Owned(without_port(info.host()).to_owned());
    }
    let named = text(request.headers(), &header::HOST)
        .or_else(|| request.uri().authority().map(Authority::as_str))
        .unwrap_or_default();
    Cow::Borrowed(without_port(named))
}

fn without_port(named: &str) -> &str {
    match named.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => named,
    }
}

/// Where the visit comes from: the peer, or the last address a trusted proxy names.
pub fn address(app: &App, request: &ServiceRequest) -> IpAddr {
    let peer = peer(request);
    if !app.trusts(peer) {
        return peer;
    }
    // A proxy may write a line of its own below one that it received.
    let lines: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .collect();
    let named = lines
        .iter()
        .rev()
        .flat_map(|line| line.rsplit(','))
        .find_map(|item| {
            // What is no address names nobody.
            let item = item.trim().parse::<IpAddr>().ok();
            item.filter(|ip| !app.trusts(*ip))
        });
    named.unwrap_or(peer)
}

fn peer(request: &ServiceRequest) -> IpAddr {
    request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip())
}

/// False for a change that a page of another site asks for. Browsers say where a request comes from in
/// `Sec-Fetch-Site`; older ones in `Origin`, which is `null` for our own pages too, since they tell
/// nobody their address. The tokens of forms are the second lock of the same door.
pub fn is_own(app: &App, site: &Arc<Site>, request: &ServiceRequest) -> bool {
    if request.method().is_safe() {
        return true;
    }
    if let Some(from) = request.headers().get("sec-fetch-site") {
        return matches!(from.as_bytes(), b"same-origin" | b"none");
    }
    match text(request.headers(), &header::ORIGIN) {
        None | Some("null") => true,
        Some(origin) => origin
            .split_once("://")
            .and_then(|(_, host)| app.site(without_port(host)))
            .is_some_and(|theirs| Arc::ptr_eq(theirs, site)),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_not_part_of_a_name() {
        assert_eq!(without_port("wanze.example:8080"), "wanze.example");
        assert_eq!(without_port("wanze.example"), "wanze.example");
        assert_eq!(without_port("[::1]:80"), "[::1]");
        assert_eq!(without_port(""), "");
    }
}
