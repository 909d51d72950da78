//! The library as ThreadSanitizer watches it, Rust's own standard library included: a lock that it does not see taken
//! would make races of everything behind it.

use std::env::consts::ARCH;
use std::path::PathBuf;
use std::process::Command;

use crate::compile::output_of;
use crate::context::Context;

/// Debian's Rust, which comes with the sources of its standard library.
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";

/// The runtime is clang's, as it is for the program that is linked.
const RUSTFLAGS: &str = "-Zsanitizer=thread -Zexternal-clangrt -Cunsafe-allow-abi-mismatch=sanitizer";

/// Builds it, beside the stage, and answers its archive.
pub fn build(context: &Context) -> Result<PathBuf, String> {
    let target = format!("{ARCH}-unknown-linux-gnu");
    let folder = context.stage.beside("races");
    // The other suites, which run meanwhile, come first.
    let mut cargo = Command::new("nice");
    forget_caller(&mut cargo);
    cargo.args(["-n", "19", CARGO]);
    cargo.current_dir(context.project("."));
    cargo.args(["rustc", "--quiet", "--locked", "--release", "-p", "ecgrid", "--lib", "--crate-type", "staticlib"]);
    cargo.args(["-Zbuild-std=std,panic_unwind", "--target", &target]).arg("--target-dir").arg(&folder);
    cargo.env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", RUSTFLAGS);
    // What ring has in C is watched as well.
    let suffix = target.replace('-', "_");
    cargo.env(format!("CC_{suffix}"), "clang").env(format!("CFLAGS_{suffix}"), "-fsanitize=thread");
    // Fast to build, and with the names of its functions.
    for (name, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "1"), ("STRIP", "none")] {
        cargo.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
    }
    cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only");
    // Of what is not ours, names will do.
    cargo.args(["--config", r#"profile.release.package."*".debug=false"#]);
    output_of(&mut cargo)?;
    Ok(folder.join(target).join("release/libecgrid.a"))
}

/// What the cargo that runs us says of itself and of our package would lead another one astray, or make it build anew.
fn forget_caller(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let prefixes =
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_PROFILE_", "CARGO_ENCODED_", "CARGO_BUILD_"];
        let names = ["CARGO", "CARGO_CRATE_NAME", "LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN"];
        if names.contains(&&*text) || prefixes.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
}
