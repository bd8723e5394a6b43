//! A gateway that moves no money and can fail in every way a real one does.
