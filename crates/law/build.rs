//! The files are embedded by a macro that cannot announce them to cargo; this does.

fn main() {
    println!("cargo::rerun-if-changed=../../law");
}
