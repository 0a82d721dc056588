//! The Spin HTTP function.
