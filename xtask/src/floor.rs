//! The oldest glibc that a library runs with: by the versions of the symbols that it takes from it.

use std::path::Path;

/// For a person who has built for this machine only.
pub fn of_this_machine_only(stage: &Path) -> String {
    let library = std::fs::read(stage.join("lib/libecgrid.so")).unwrap_or_default();
    match newest_glibc(&library) {
        Some((major, minor)) => format!("needs glibc {major}.{minor}: for this machine only"),
        None => "for this machine only".into(),
    }
}

/// Of the versions that are named in it, as GLIBC_2.34.
fn newest_glibc(library: &[u8]) -> Option<(u32, u32)> {
    const NAME: &[u8] = b"\0GLIBC_";
    let places = library.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    let versions = places.filter_map(|(at, _)| {
        let rest = &library[at + NAME.len()..];
        let text = std::str::from_utf8(rest.split(|byte| *byte == 0).next()?).ok()?;
        let mut numbers = text.split('.').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    versions.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_counts() {
        let library = b"x\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.17\0GLIBC_PRIVATE\0xGLIBC_9.9\0";
        assert_eq!(newest_glibc(library), Some((2, 34)));
        assert_eq!(newest_glibc(b"GLIBC"), None);
    }
}
