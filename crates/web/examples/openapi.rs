//! Prints the description of the JSON interface: `cargo run -p web --example openapi > docs/openapi.json`.

fn main() {
    match web::document().to_pretty_json() {
        Ok(document) => println!("{document}"),
        Err(error) => eprintln!("{error}"),
    }
}
