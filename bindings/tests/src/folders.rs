//! The table as one runner plays it: with a folder for each case that asks for one.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// What stands for the case's own folder.
const FOLDER: &str = "{folder}";

/// In each, for an inbox and an outbox.
const WITHIN: [&str; 2] = ["in", "out"];

/// A copy of the table and its folders, gone with it.
pub struct Folders {
    folder: TempDir,
}

impl Folders {
    pub fn make(table: &Path) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("ecgrid-cases-").tempdir().map_err(|error| error.to_string())?;
        let folders = Self { folder };
        let text = fs::read_to_string(table).map_err(|error| format!("{}: {error}", table.display()))?;
        let text = folders.with_folders(&text)?;
        fs::write(folders.table(), text).map_err(|error| format!("{}: {error}", folders.table().display()))?;
        Ok(folders)
    }

    pub fn table(&self) -> PathBuf {
        self.folder.path().join("cases.txt")
    }

    fn with_folders(&self, text: &str) -> Result<String, String> {
        let mut lines = Vec::new();
        let mut case = 0;
        for line in text.lines() {
            case += usize::from(line.starts_with("case "));
            if line.contains(FOLDER) {
                lines.push(line.replace(FOLDER, &word(&self.folder_of(case)?)?));
            } else {
                lines.push(line.to_owned());
            }
        }
        Ok(lines.join("\n") + "\n")
    }

    fn folder_of(&self, case: usize) -> Result<PathBuf, String> {
        let path = self.folder.path().join(case.to_string());
        for name in WITHIN {
            fs::create_dir_all(path.join(name)).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(path)
    }
}

/// A path as part of a word of the table.
fn word(path: &Path) -> Result<String, String> {
    let text = path.to_str().ok_or_else(|| format!("{} is not UTF-8", path.display()))?;
    Ok(text.replace('%', "%25").replace(' ', "%20").replace('{', "%7B"))
}

#[cfg(test)]
mod tests {
    use super::{Folders, word};
    use std::path::Path;

    #[test]
    fn each_case_has_a_folder_of_its_own_with_room_for_an_inbox_and_an_outbox() {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("table");
        std::fs::write(
            &table,
            "case a\nversion\ncase b\ninbox {folder}/in\nreads {folder}/x y\ncase c\nholds {folder}\n",
        )
        .unwrap();
        let folders = Folders::make(&table).unwrap();
        let text = std::fs::read_to_string(folders.table()).unwrap();
        let own = |case: &str| word(&folders.folder.path().join(case)).unwrap();
        let (b, c) = (own("2"), own("3"));
        assert_eq!(text, format!("case a\nversion\ncase b\ninbox {b}/in\nreads {b}/x y\ncase c\nholds {c}\n"));
        for (case, is_there) in [("1", false), ("2", true), ("3", true)] {
            assert_eq!(folders.folder.path().join(case).join("out").is_dir(), is_there, "{case}");
        }
    }

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(word(Path::new("/a b/100%")).unwrap(), "/a%20b/100%25");
    }
}
