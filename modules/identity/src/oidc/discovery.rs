//! What we can do and where, for programs that set themselves up.

use serde_json::{Value, json};

use super::{AUTHORISE, KEYS, REVOKE, SIGN_OUT, TOKEN, USER_INFO, scope};

/// The document under the well-known path. `base` is where people reach us, which is also our name.
pub(crate) fn document(base: &str) -> Value {
    let at = |path: &str| format!("{base}{path}");
    let ways = ["client_secret_basic", "client_secret_post", "none"];
    json!({
        "issuer": base,
        "authorization_endpoint": at(AUTHORISE),
        "token_endpoint": at(TOKEN),
        "userinfo_endpoint": at(USER_INFO),
        "jwks_uri": at(KEYS),
        "end_session_endpoint": at(SIGN_OUT),
        "revocation_endpoint": at(REVOKE),
        "scopes_supported": scope::NAMES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ways,
        "revocation_endpoint_auth_methods_supported": ways,
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "amr", "nonce", "at_hash", "name", "preferred_username",
            "email", "email_verified",
        ],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}
