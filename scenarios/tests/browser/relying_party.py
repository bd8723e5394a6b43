"""A web application that somebody else wrote: it knows who runs sign-in only by the discovery document, and everything it
believes it believes by Authlib. Says its port, then reads one line of JSON (issuer, client_id, client_secret, now), then
serves `/login` and `/callback`. `now` is the time of the office, which is not that of this machine."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# Loopback is the one place where sign-in may go without TLS.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.jose.errors import JoseError
from authlib.oidc.core import CodeIDToken

app = {}
visits = {}


def session(secret=None):
    return OAuth2Session(
        app["client_id"],
        secret or app["client_secret"],
        scope="openid email profile offline_access",
        redirect_uri=app["here"] + "/callback",
        code_challenge_method="S256",
    )


def begin():
    verifier, nonce = generate_token(48), generate_token(20)
    address, state = session().create_authorization_url(
        app["provider"]["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    visits[state] = {"verifier": verifier, "nonce": nonce}
    return address


def exchange(arrived, state, verifier, secret=None):
    return session(secret).fetch_token(
        app["provider"]["token_endpoint"], authorization_response=arrived, state=state, code_verifier=verifier
    )


def identity(token, nonce):
    keys = JsonWebKey.import_key_set(requests.get(app["provider"]["jwks_uri"], timeout=10).json())
    wanted = {"iss": {"essential": True, "value": app["issuer"]}, "aud": {"essential": True, "value": app["client_id"]}}
    params = {"nonce": nonce, "client_id": app["client_id"], "access_token": token["access_token"]}
    claims = jwt.decode(
        token["id_token"], keys, claims_cls=CodeIDToken, claims_options=wanted, claims_params=params
    )
    claims.validate(now=app["now"], leeway=300)
    return claims


def refused(attempt):
    try:
        attempt()
    except (AuthlibBaseError, JoseError) as error:
        return str(error)
    return None


def expect(what, is_so):
    if not is_so:
        raise AssertionError(what)


def honest(arrived, state, visit):
    """What every application does; then what one does that was robbed."""
    token = exchange(arrived, state, visit["verifier"])
    claims = identity(token, visit["nonce"])
    expect("another nonce is not believed", refused(lambda: identity(token, "another")))
    signed_in = OAuth2Session(app["client_id"], app["client_secret"], token=token)
    person = signed_in.get(app["provider"]["userinfo_endpoint"]).json()
    expect("token and userinfo speak of one person", person["sub"] == claims["sub"] and person["email"] == claims["email"])
    renew = lambda old: session().refresh_token(app["provider"]["token_endpoint"], refresh_token=old["refresh_token"])
    renewed = renew(token)
    expect("a refresh token works once", refused(lambda: renew(token)))
    expect("and its second use ends what came of it", refused(lambda: renew(renewed)))
    return "Signed in as " + claims["email"]


def robbed(arrived, state, visit):
    expect("a wrong verifier is refused", refused(lambda: exchange(arrived, state, generate_token(48))))
    expect("and the code is gone", refused(lambda: exchange(arrived, state, visit["verifier"])))
    return "The code is worth nothing to a thief"


def guessed(arrived, state, visit):
    expect("a wrong secret is refused", refused(lambda: exchange(arrived, state, visit["verifier"], "guess")))
    return "The secret cannot be guessed"


STORIES = {"honest": honest, "robbed": robbed, "guessed": guessed}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/login":
            to = begin()
            visits["story"] = address.query
            self.send_response(302)
            self.send_header("Location", to)
            self.end_headers()
            return
        if address.path != "/callback":
            self.send_error(404)
            return
        state = dict(part.split("=", 1) for part in address.query.split("&")).get("state")
        try:
            said = STORIES[visits["story"]](app["here"] + self.path, state, visits.pop(state))
        except Exception as error:  # Whatever it is, the walk is to read it.
            said = "FAILED: %s: %s" % (type(error).__name__, error)
        body = ("<!doctype html><html lang=en><title>Forum</title><link rel=icon href=data:,><p>%s</p>" % said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# A browser opens connections ahead and says nothing on them: one thread would wait for such a one and serve nobody.
server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
app["here"] = "http://127.0.0.1:%d" % server.server_port
print(app["here"], flush=True)
app.update(json.loads(sys.stdin.readline()))
found = requests.get(app["issuer"] + "/.well-known/openid-configuration", timeout=10)
app["provider"] = found.json()
expect("the description is of who was asked", app["provider"]["issuer"] == app["issuer"])
print("ready", flush=True)
server.serve_forever()
