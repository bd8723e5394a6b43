//! Texts, numbers, dates and money by locale.
