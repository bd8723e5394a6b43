//! Streaming reader for MySQL dump files.
