//! `ecgrid.pc`, for pkg-config.

use crate::targets::System;

/// What a program that links libecgrid.a needs besides, as
/// `cargo rustc --release -p ecgrid --lib --crate-type staticlib -- --print native-static-libs` says there.
pub fn native_static_libs(system: System) -> &'static str {
    match system {
        System::Linux => "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc",
        System::Musl => "-lgcc_s -lc",
        System::Mac => "-lSystem -lc -lm",
        // No pkg-config there.
        System::Windows => "",
    }
}

/// `${pcfiledir}` makes the layout work wherever it is unpacked.
pub fn file(version: &str, system: System) -> String {
    format!(
        "prefix=${{pcfiledir}}/../..
includedir=${{prefix}}/include
libdir=${{prefix}}/lib

Name: ecgrid
Description: Client library for ECGrid, the EDI network
Version: {version}
Cflags: -I${{includedir}}
Libs: -L${{libdir}} -lecgrid
Libs.private: {}
",
        native_static_libs(system)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_relocatable_and_carries_the_version() {
        let text = file("1.2.3", System::Linux);
        assert!(text.starts_with("prefix=${pcfiledir}/../..\n"));
        assert!(text.contains("\nVersion: 1.2.3\n"));
        assert!(text.contains("\nLibs: -L${libdir} -lecgrid\n"));
    }
}
