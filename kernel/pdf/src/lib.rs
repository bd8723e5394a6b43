//! Typeset documents: a typst template and data in, a PDF out.
