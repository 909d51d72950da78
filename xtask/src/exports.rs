//! The names a Windows DLL exports, from `objdump -p`.

use std::path::Path;

use crate::command::{Outcome, capture};
use crate::targets::Target;
use crate::workspace::Workspace;

/// Those of the DLL, which may be only ours.
pub fn of_dll(workspace: &Workspace, target: &Target, dll: &Path) -> Outcome<Vec<String>> {
    let mut objdump = workspace.command(format!("{}-objdump", target.mingw()));
    let text = capture(objdump.arg("-p").arg(dll))?;
    let names: Vec<String> = of_objdump(&text).into_iter().map(str::to_owned).collect();
    match names.iter().find(|name| !name.starts_with("ecgrid_")) {
        Some(other) => Err(format!("the DLL exports {other}; only ecgrid_* may be")),
        None if names.is_empty() => Err("the DLL exports nothing".into()),
        None => Ok(names),
    }
}

/// The table's rows look like `[   3] +base[   4]  0003 ecgrid_login` (older: `[   3] ecgrid_login`).
fn of_objdump(text: &str) -> Vec<&str> {
    let rows = text
        .lines()
        .skip_while(|line| !line.starts_with("[Ordinal/Name Pointer] Table"))
        .skip(1)
        .take_while(|line| line.trim_start().starts_with('['));
    rows.filter_map(|line| line.split_whitespace().last()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_name_table_only() {
        let text = "Export Address Table -- Ordinal Base 1\n\
            \t[   0] +base[   1] 1470 Export RVA\n\n\
            [Ordinal/Name Pointer] Table\n\
            \t[   0] +base[   1]  0000 ecgrid_login\n\
            \t[   1] ecgrid_version\n\n\
            PE File Base Relocations\n\t[   1] no_export\n";
        assert_eq!(of_objdump(text), ["ecgrid_login", "ecgrid_version"]);
        assert!(of_objdump("").is_empty());
    }
}
