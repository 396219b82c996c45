//! Makes a constant of every sentence key, and fails the build where a language lacks one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

fn keys(dir: &Path) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut files: Vec<_> = std::fs::read_dir(dir).expect("i18n folder").map(|e| e.expect("entry").path()).collect();
    files.sort();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "ftl")) {
        let text = std::fs::read_to_string(file).expect("ftl file");
        for line in text.lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase())
                && let Some((key, _)) = line.split_once(" =")
            {
                assert!(out.insert(key.to_owned(), file.display().to_string()).is_none(), "{key} stands twice");
            }
        }
    }
    out
}

fn main() {
    println!("cargo::rerun-if-changed=../../i18n");
    let root = Path::new("../../i18n");
    let (id, en) = (keys(&root.join("id")), keys(&root.join("en")));
    let lacks = |a: &BTreeMap<String, String>, b: &BTreeMap<String, String>| -> Vec<String> {
        a.keys().filter(|k| !b.contains_key(*k)).cloned().collect()
    };
    assert!(lacks(&id, &en).is_empty(), "i18n/en lacks {:?}", lacks(&id, &en));
    assert!(lacks(&en, &id).is_empty(), "i18n/id lacks {:?}", lacks(&en, &id));
    let mut code = String::from("/// One constant a sentence.\npub mod key {\n    use super::Key;\n");
    for key in id.keys() {
        let name = key.replace('-', "_").to_uppercase();
        writeln!(code, "    /// `{key}`\n    pub const {name}: Key = Key(\"{key}\");").expect("write");
    }
    code.push_str("}\n\nconst KEYS: &[&str] = &[\n");
    for key in id.keys() {
        writeln!(code, "    \"{key}\",").expect("write");
    }
    code.push_str("];\n\n");
    for (name, lang) in [("ID", "id"), ("EN", "en")] {
        let mut files: Vec<_> =
            std::fs::read_dir(root.join(lang)).expect("i18n").map(|e| e.expect("entry").path()).collect();
        files.sort();
        writeln!(code, "const {name}: &[&str] = &[").expect("write");
        for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "ftl")) {
            let path = file.canonicalize().expect("path");
            writeln!(code, "    include_str!({:?}),", path.display().to_string()).expect("write");
        }
        code.push_str("];\n\n");
    }
    let out = std::env::var("OUT_DIR").expect("OUT_DIR");
    std::fs::write(Path::new(&out).join("keys.rs"), code).expect("write keys");
}
