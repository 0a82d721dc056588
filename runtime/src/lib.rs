//! CPython in wasmtime, and a small host for Spin applications.
