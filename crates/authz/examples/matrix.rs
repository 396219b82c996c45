//! Prints the matrix, for review: `cargo run -p authz --example matrix > docs/security/permissions.txt`.

fn main() {
    print!("{}", authz::matrix());
}
