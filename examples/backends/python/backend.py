# apt install python3-jwt, or pip install "pyjwt[crypto]". MIANMI=https://id.example APP_ID=wx… MIANMI_KEY=mk_… python3 backend.py
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen
import jwt
ISSUER, APP_ID, KEY = (os.environ[name] for name in ("MIANMI", "APP_ID", "MIANMI_KEY"))
keys = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json")

def verify(token):
    """Local: no call to mianmi. An ended session is noticed when the token expires, after 15 minutes at most."""
    if jwt.get_unverified_header(token).get("typ") != "at+jwt":
        raise jwt.InvalidTokenError("typ")
    signing_key = keys.get_signing_key_from_jwt(token).key
    return jwt.decode(token, signing_key, algorithms=["ES256"], audience=APP_ID, issuer=ISSUER)["sub"]

def ask(path, form=None):
    data = None if form is None else urlencode(form).encode()
    with urlopen(Request(f"{ISSUER}/v1{path}", data, {"Authorization": f"Bearer {KEY}"}), timeout=5) as reply:
        return json.load(reply)

def openid_for_pay(token):
    """Asks mianmi, so that an ended session is refused at once. For what costs money."""
    found = ask("/introspect", {"token": token})
    if not found["active"] or found["aud"] != APP_ID:
        raise jwt.InvalidTokenError("inactive")
    identities = ask(f"/users/{quote(found['sub'], safe='')}")["identities"]
    return next((each["openid"] for each in identities if each["appId"] == APP_ID), None)

class Handler(BaseHTTPRequestHandler):
    def answer(self, name, work):
        try:
            status, body = 200, {name: work((self.headers["Authorization"] or "").removeprefix("Bearer ") or "-")}
        except (jwt.PyJWTError, OSError) as error:  # 502: mianmi was not reached, or refused the key
            status, body = 502 if isinstance(error.__context__ or error, OSError) else 401, {}
        self.send_response(status); self.end_headers(); self.wfile.write(json.dumps(body).encode())
    do_GET = lambda self: self.answer("user", verify)
    do_POST = lambda self: self.answer("openid", openid_for_pay)
ThreadingHTTPServer(("", int(os.environ.get("PORT", "4000"))), Handler).serve_forever()
