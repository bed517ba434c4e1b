//! placeholder
use std::path::Path;
pub struct Intake;
pub struct Received;
impl Intake {
    pub async fn begin(_d: &Path, _m: u64) -> std::io::Result<Self> {
        Ok(Self)
    }
    pub async fn write(&mut self, _c: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
    pub async fn finish(self) -> std::io::Result<Result<Received, super::Refused>> {
        Ok(Ok(Received))
    }
}
