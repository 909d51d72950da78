//! Writes `include/ecgrid.h` from `src/ffi/`, packs Mozilla's authorities, and gives the shared library its name.

use std::env;
use std::fs;
use std::path::Path;

/// The sections of the header: the files of `src/ffi/`, in the order a C programmer reads them.
const SECTIONS: [&str; 14] = [
    "handles", "status", "outcome", "login", "errors", "config", "client", "session", "response", "route", "parcel",
    "inbox", "outbox", "library",
];

/// Types that cbindgen would leave out, because no function of their own file uses them.
const HANDLES: [&str; 10] = [
    "ecgrid_config",
    "ecgrid_client",
    "ecgrid_token",
    "ecgrid_session",
    "ecgrid_response",
    "ecgrid_route",
    "ecgrid_parcel",
    "ecgrid_inbox",
    "ecgrid_outbox",
    "ecgrid_error",
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/ffi");
    println!("cargo:rerun-if-changed=include/ecgrid.h");
    write_header();
    pack_roots();
    link_arguments();
    name_ways_to_read();
}

fn write_header() {
    let header = header();
    let path = Path::new("include/ecgrid.h");
    // Only when it differs: a package's sources may be read-only, and a new date would rebuild what depends on it.
    if fs::read_to_string(path).ok().as_deref() != Some(&header) {
        fs::write(path, header).expect("include/ecgrid.h can be written");
    }
}

fn header() -> String {
    let version = env::var("CARGO_PKG_VERSION").expect("cargo sets it");
    let number = |part: &str| -> u32 {
        env::var(format!("CARGO_PKG_VERSION_{part}")).expect("cargo sets it").parse().expect("a number")
    };
    let (major, minor, patch) = (number("MAJOR"), number("MINOR"), number("PATCH"));
    let composed = major << 16 | minor << 8 | patch;
    let mut header = format!(
        "\
/* libecgrid {version}: log in to ECGrid, the EDI network, from C.
 *
 * Generated from src/ffi/ of libecgrid; do not edit.
 *
 * Every function that can fail returns an ecgrid_status, writes its result through an out-pointer and takes
 * `ecgrid_error **error` last, which may be NULL. Every `const char *` that a function returns is borrowed from its
 * handle, NUL-terminated UTF-8, never NULL; nobody frees a string. Only a _config and a _route belong to one thread at
 * a time. On failure a result is NULL; the one exception are the counts of ecgrid_inbox_receive and ecgrid_outbox_send,
 * which are set in any case.
 * The library prints nothing, installs no signal handler, and has threads of its own only while a name is looked up,
 * Windows judges a certificate, a session renews its token, or a session is open that is kept alive
 * (ecgrid_config_set_keep_alive).
 *
 * Where functions may be called: on any thread with 64 KiB of stack, also in atexit handlers and in destructors of
 * threads and of the program. No function may be called from a signal handler. A forked child may make handles of its
 * own; it may free its parent's.
 *
 * What a program may get wrong: NULL, text that is not UTF-8, numbers out of range and handles freed in any order do no
 * harm. What no C library can survive: a handle that is used after it was freed, is freed twice, or is of another kind.
 * The library cannot tell, and anything may happen then.
 */
#ifndef ECGRID_H
#define ECGRID_H

#include <stddef.h>
#include <stdint.h>

#define ECGRID_VERSION_MAJOR {major}
#define ECGRID_VERSION_MINOR {minor}
#define ECGRID_VERSION_PATCH {patch}
/* The version of this header, as ecgrid_version_number() gives that of the library: {version}. */
#define ECGRID_VERSION_NUMBER 0x{composed:06x}u

#ifdef __cplusplus
extern \"C\" {{
#endif
"
    );
    for section in SECTIONS {
        header.push_str(&fragment(&format!("src/ffi/{section}.rs")));
    }
    header.push_str("\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* ECGRID_H */\n");
    header
}

/// One section: the title and words that open the file, then what cbindgen makes of it.
fn fragment(source: &str) -> String {
    let text = fs::read_to_string(source).expect("a section has a file");
    let mut intro = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim_end);
    let title = intro.next().expect("a section has a title").trim();
    let mut fragment = format!("\n/* ---- {title} ----\n");
    for line in intro {
        fragment.push_str(&format!(" *{line}\n"));
    }
    fragment.push_str(" */\n\n");

    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        style: cbindgen::Style::Type,
        documentation_style: cbindgen::DocumentationStyle::Doxy,
        no_includes: true,
        usize_is_size_t: true,
        line_length: 100,
        export: cbindgen::ExportConfig { include: HANDLES.map(String::from).into(), ..Default::default() },
        ..Default::default()
    };
    let bindings = cbindgen::Builder::new().with_config(config).with_src(source).generate().expect("cbindgen");
    let mut code = Vec::new();
    bindings.write(&mut code);
    let code = String::from_utf8(code).expect("UTF-8");
    // For readers of the Rust source; the same words would stand under every function.
    let code = code.replace(" *\n * # Safety\n * Pointers as the header says.\n", "");
    fragment.push_str(&tighten(code.trim()));
    fragment.push('\n');
    fragment
}

/// Puts a comment of one line on one line, and constants one below the other, so that a table of them reads as one.
fn tighten(code: &str) -> String {
    let lines: Vec<&str> = code.lines().map(str::trim_end).collect();
    let mut result: Vec<String> = Vec::new();
    let mut rest = lines.as_slice();
    while let [line, tail @ ..] = rest {
        match (*line, tail) {
            ("/**", [words, " */", after @ ..]) => {
                let is_constant = after.first().is_some_and(|next| next.starts_with("#define"));
                let follows_constant = result.iter().rev().nth(1).is_some_and(|last| last.starts_with("#define"));
                if is_constant && follows_constant {
                    result.pop();
                }
                result.push(format!("/**{} */", words.trim_start_matches(" *")));
                rest = after;
            }
            _ => {
                result.push((*line).to_owned());
                rest = tail;
            }
        }
    }
    result.join("\n")
}

/// Mozilla's authorities one after the other, each of their three parts behind its length. As structs they would be 18 KB
/// more of library, most of it addresses for the loader to fill in whenever it is loaded.
fn pack_roots() {
    let mut packed = Vec::new();
    for root in webpki_roots::TLS_SERVER_ROOTS {
        let constraints = root.name_constraints.as_deref().unwrap_or_default();
        for part in [&root.subject, &root.subject_public_key_info, constraints] {
            let length = u16::try_from(part.len()).expect("a part of a certificate is short");
            packed.extend(length.to_be_bytes());
            packed.extend(part);
        }
    }
    let folder = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join("roots.bin"), packed).expect("the folder for it can be written");
}

/// A versioned SONAME, so that programs keep what they were linked with; and no unloading: threads of the host may
/// still have something of ours to clean up.
fn link_arguments() {
    let os = env::var("CARGO_CFG_TARGET_OS").expect("cargo sets it");
    let major = env::var("CARGO_PKG_VERSION_MAJOR").expect("cargo sets it");
    match os.as_str() {
        "linux" | "android" | "freebsd" | "netbsd" | "openbsd" | "dragonfly" => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libecgrid.so.{major}");
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        "macos" => println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libecgrid.{major}.dylib"),
        _ => {}
    }
}

/// `blocking_reads`: where one send can be told not to wait, sockets may block, and the wait for an answer is one system call.
/// Windows has no such send, and a Mac's may wait all the same: there sockets never block.
fn name_ways_to_read() {
    println!("cargo:rustc-check-cfg=cfg(blocking_reads)");
    let os = env::var("CARGO_CFG_TARGET_OS").expect("cargo sets it");
    if !matches!(os.as_str(), "windows" | "macos" | "ios") {
        println!("cargo:rustc-cfg=blocking_reads");
    }
}
