//! The thin web shell: server, layout, forms, sessions, security headers, assets.
