//! The application: the sites it serves, its templates and its counters. A value, built once at the
//! start and passed on; tests build the same one.

use crate::site::Site;
use crate::telemetry::Metrics;
use crate::template::Templates;
use crate::web::still::Stills;
use std::net::IpAddr;
use std::sync::Arc;

/// Everything an instance holds.
pub struct App {
    sites: Vec<Arc<Site>>,
    pub templates: Templates,
    pub metrics: Metrics,
    /// Pages that are the same for everyone.
    pub stills: Stills,
    /// Proxies whose `X-Forwarded-For` is believed.
    trusted_proxies: Vec<IpAddr>,
}

impl App {
    /// An application that serves these sites.
    pub fn new(sites: Vec<Arc<Site>>, trusted_proxies: Vec<IpAddr>) -> Self {
        Self {
            sites,
            templates: Templates::new(),
            metrics: Metrics::new(),
            stills: Stills::default(),
            trusted_proxies,
        }
    }

    /// The site that answers to this host (without its port); none for an unknown one.
    pub fn site(&self, host: &str) -> Option<&Arc<Site>> {
        let host = host.trim_end_matches('.');
        self.sites.iter().find(|site| {
            site.file
                .hosts
                .iter()
                .any(|known| known.eq_ignore_ascii_case(host))
        })
    }

    /// Every site.
    pub fn sites(&self) -> &[Arc<Site>] {
        &self.sites
    }

    /// True for a proxy that may say on whose behalf it calls.
    pub fn trusts(&self, proxy: IpAddr) -> bool {
        self.trusted_proxies.contains(&proxy)
    }
}
