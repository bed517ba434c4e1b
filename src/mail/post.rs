//! p
use crate::config::SiteArgs;
pub struct Post;
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("x")]
    X,
}
impl Post {
    pub fn new(_a: &SiteArgs, _s: &crate::definition::Site) -> Result<Self, PostError> {
        Ok(Self)
    }
}
