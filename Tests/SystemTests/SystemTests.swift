/// # SystemTests
///
/// Drives the built programs `claviger` and `claviger-agent` over real sockets, files and signals, as a person or a
/// machine would. They import none of the product's modules that hold behaviour: what is proven here is what ships.
///
/// Every test has its own server on port 0, its own data directory and its own clock, in a `Workbench` that cleans up in
/// reverse order. Nothing leaves 127.0.0.1.
///
/// The servers run on SQLite, or on PostgreSQL with `CLAVIGER_TEST_ENGINE=postgres` under `Scripts/with-postgres`; what
/// needs several nodes runs only there.
enum SystemTests {}
