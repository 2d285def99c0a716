"""T65, T67: what programs present, made and examined by a library that is not ours (PyJWT)."""

import base64
import hashlib
import hmac
import json
import re
import socket
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from visitor import Program, masked

LINDENHOF, HARBOUR = "http://lindenhof.localhost", "http://harbour.localhost"


def sign_in(portico, role="resident", slug="lindenhof"):
    person = portico.person(role, slug)
    program = Program(portico.port, f"{slug}.localhost:{portico.port}")
    answer = program.post("auth/login", {"email": person["email"], "password": person["password"]})
    assert answer.status == 200, answer.text
    program.token = answer.json()["accessToken"]
    return program, answer.json()


def keys(portico, slug="lindenhof"):
    answer = Program(portico.port, f"{slug}.localhost:{portico.port}").send("GET", "/.well-known/jwks.json", None, {})
    assert answer.status == 200 and answer.header("Cache-Control") == "public, max-age=3600" and answer.header("Set-Cookie") is None
    return jwt.PyJWKSet.from_dict(answer.json())


def raw(header: dict, claims, signature: bytes = b"") -> str:
    def part(value):
        text = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()
    return f"{part(header)}.{part(claims)}.{part(signature)}" if signature is not None else f"{part(header)}.{part(claims)}"


def test_v9_another_library_verifies_our_tokens_against_our_keys(portico):
    program, answer = sign_in(portico)
    token = answer["accessToken"]
    head = jwt.get_unverified_header(token)
    assert head == {"alg": "RS256", "typ": "at+jwt", "kid": head["kid"]}
    key = keys(portico)[head["kid"]]
    claims = jwt.decode(
        token, key, algorithms=["RS256"], issuer=LINDENHOF, audience=f"{LINDENHOF}/api/v1",
        options={"require": ["exp", "iat", "sub", "jti", "iss", "aud"]})
    assert claims["exp"] - claims["iat"] == 900 == answer["expires_in"] and abs(claims["iat"] - time.time()) < 60
    assert claims["sub"] == program.get("me").json()["id"] and claims["tenant"] == "lindenhof"
    listed = program.get("me/sessions").json()["items"]
    assert [one["id"] for one in listed if one["current"]] == [claims["session"]]
    assert set(claims) == {"sub", "tenant", "session", "iat", "exp", "jti", "iss", "aud"}, "no roles, no names"
    assert key.key.key_size >= 2048
    with pytest.raises(jwt.InvalidSignatureError):
        head, body, signature = token.split(".")
        jwt.decode(f"{head}.{body[:-4]}AAAA.{signature}", key, algorithms=["RS256"], options={"verify_aud": False})
    again = sign_in(portico)[1]["accessToken"]
    assert jwt.decode(again, options={"verify_signature": False})["jti"] != claims["jti"]


def test_v9_each_company_has_keys_of_its_own(portico):
    ours, theirs = (sign_in(portico, "manager", slug)[1]["accessToken"] for slug in ("lindenhof", "harbour"))
    assert jwt.get_unverified_header(ours)["kid"] != jwt.get_unverified_header(theirs)["kid"]
    assert not {one.key_id for one in keys(portico).keys} & {one.key_id for one in keys(portico, "harbour").keys}
    rows = portico.sql("select encode(sealed_key, 'escape') as sealed, encode(public_key, 'hex') as public from app.signing_key")
    assert all("PRIVATE" not in row["sealed"] for row in rows)


def test_t65_hostile_tokens_get_one_and_the_same_401(portico):
    program, answer = sign_in(portico)
    good, refresh = answer["accessToken"], answer["refreshToken"]
    head, claims = jwt.get_unverified_header(good), jwt.decode(good, options={"verify_signature": False})
    public = keys(portico)[head["kid"]].key
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now, own = int(time.time()), good.split(".")
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    trap = f"http://127.0.0.1:{listener.getsockname()[1]}/keys"

    def by_stranger(header=None, **changes):
        body = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(body, stranger, algorithm="RS256", headers={"kid": head["kid"], "typ": "at+jwt"} | (header or {}))

    hostile = {f"alg {none!r}": raw({"alg": none, "typ": "at+jwt", "kid": head["kid"]}, claims) for none in ("none", "None", "NONE", "nOnE", "", None)}
    signed = raw({"alg": "HS256", "typ": "at+jwt", "kid": head["kid"]}, claims, None)
    hostile |= {
        "HS256 with the public key": raw(
            {"alg": "HS256", "typ": "at+jwt", "kid": head["kid"]}, claims, hmac.new(pem, signed.encode(), hashlib.sha256).digest()),
        "ES256 r=s=0": raw({"alg": "ES256", "typ": "at+jwt", "kid": head["kid"]}, claims, bytes(64)),
        "empty signature": f"{own[0]}.{own[1]}.", "no signature": f"{own[0]}.{own[1]}", "claims changed": f"{own[0]}.{raw({}, claims | {'sub': 'x'}).split('.')[1]}.{own[2]}",
        "a stranger's key": by_stranger(), "kid a path": by_stranger({"kid": "../../../../etc/passwd"}), "kid SQL": by_stranger({"kid": "' or 1=1 --"}),
        "kid nobody's": by_stranger({"kid": "k" * 43}), "kid empty": by_stranger({"kid": ""}),
        "jku": by_stranger({"jku": trap}), "x5u": by_stranger({"x5u": trap}), "jwk": by_stranger({"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}),
        "exp 1e20": by_stranger(exp=100000000000000000000), "nbf in the future": by_stranger(nbf=now + 3600), "aud a list": by_stranger(aud=[claims["aud"]]),
        "typ JWT": by_stranger({"typ": "JWT"}), "15 KB": by_stranger(x="x" * 11_000), "refresh token as access token": refresh,
        "nothing": "", "dots": "...", "a personal token of nobody": "portico_" + "A" * 43,
    }
    nobody = Program(portico.port, f"lindenhof.localhost:{portico.port}")
    expected = masked(nobody.get("me"))
    assert expected[0] == 401
    for name, token in hostile.items():
        program.token = token
        assert masked(program.get("me")) == expected, name
    other = Program(portico.port, f"harbour.localhost:{portico.port}")
    elsewhere = masked(other.get("me"))
    other.token = good
    assert masked(other.get("me")) == elsewhere and elsewhere[0] == 401, "one company's token at another's host"
    with pytest.raises(TimeoutError):
        listener.accept()
    program.token = good
    assert program.get("me").status == 200, "and the good one is still good"


def test_t65_a_token_of_one_megabyte_is_cut_off_and_hurts_nobody(portico):
    program, answer = sign_in(portico)
    big = Program(portico.port, f"lindenhof.localhost:{portico.port}")
    big.token = "x" * (1 << 20)
    try:
        status = big.get("me").status
        assert 400 <= status < 500
    except OSError:
        pass        # the connection is closed while it is still being sent
    big.token = None
    assert big.post("auth/refresh", {"refreshToken": "x" * (1 << 20)}).status in (400, 401, 413, 431)
    assert program.get("me").status == 200


def test_t67_a_thousand_random_tokens_open_nothing_and_leave_no_row(portico):
    before = portico.sql("select (select count(*) from app.session) + (select count(*) from app.personal_token) + (select count(*) from app.signing_key) as n")
    program = Program(portico.port, f"lindenhof.localhost:{portico.port}")
    for number in range(1000):
        seed = hashlib.sha512(str(number).encode()).digest()
        body = base64.urlsafe_b64encode(seed * 4).decode().rstrip("=")
        program.token = ("portico_" + body[:43], f"{body[:60]}.{body[:200]}.{body[:342]}")[number % 2]
        assert program.get("faults").status == 401
    assert portico.sql("select (select count(*) from app.session) + (select count(*) from app.personal_token) + (select count(*) from app.signing_key) as n") == before


def test_a_program_signs_in_renews_and_signs_out_with_either_spelling(portico):
    program, answer = sign_in(portico)
    assert answer["accessToken"] == answer["access_token"] and answer["refreshToken"] == answer["refresh_token"]
    second = program.post("auth/refresh", {"refresh_token": answer["refreshToken"]}).json()
    again = program.post("auth/refresh", {"refreshToken": answer["refreshToken"]}).json()
    assert second == again, "a lost answer is given again"
    program.token = second["access_token"]
    assert program.get("me").status == 200
    assert program.post("auth/logout").status == 204
    assert program.get("me").status == 401
    refused = [program.post("auth/refresh", {"refreshToken": token}) for token in (answer["refreshToken"], second["refreshToken"], "x")]
    assert {one.status for one in refused} == {401} and len({re.sub(r'"requestId":"\w+"', "", one.text) for one in refused}) == 1
