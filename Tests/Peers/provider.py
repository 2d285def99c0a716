"""A real identity provider for the tests of sign-ins with OpenID Connect: oidc-provider-mock, on Authlib, which knows nothing of ours.

Prints one JSON line with its issuer, then serves until its standard input ends; on the port that the first argument names, if any. PKCE
is demanded and checked by Authlib's own extension. `PUT /users/<subject>` sets the claims of somebody; POST to the authorization address
signs that subject in, as its page does.
"""

import json
import logging
import os
import sys
import threading
import warnings

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
warnings.simplefilter("ignore")

from authlib.oauth2.rfc6749.errors import InvalidRequestError  # noqa: E402
from authlib.oauth2.rfc7636 import CodeChallenge  # noqa: E402
from oidc_provider_mock import _app as mock  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

challenges = {}


class Challenge(CodeChallenge):
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant, redirect_uri):
        if not grant.request.payload.data.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge(self, authorization_code):
        return challenges[authorization_code.code][0]

    def get_authorization_code_challenge_method(self, authorization_code):
        return challenges[authorization_code.code][1]


class Grant(mock.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        Challenge()(self)

    def save_authorization_code(self, code, request):
        super().save_authorization_code(code, request)
        asked = request.payload.data
        challenges[code] = asked["code_challenge"], asked.get("code_challenge_method")


def main():
    logging.disable(logging.ERROR)
    mock.AuthorizationCodeGrant = Grant
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = make_server("127.0.0.1", port, mock.app(require_nonce=True), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"issuer": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
