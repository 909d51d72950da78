//! Placeholder until the merge.
use std::io;
use zeroize::Zeroizing;
pub struct Locked<const N: usize>([Zeroizing<String>; N]);
impl<const N: usize> Locked<N> {
    pub fn new(texts: [&str; N]) -> io::Result<Self> {
        Ok(Self(texts.map(|text| Zeroizing::new(text.to_owned()))))
    }
    pub fn texts(&self) -> [&str; N] {
        self.0.each_ref().map(|text| text.as_str())
    }
}
