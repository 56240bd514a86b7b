"""An OAuth client library (authlib) that introspects and revokes tokens.

    oauth_client.py URL CLIENT_ID      on standard input: the client's token, and the token to ask about

Prints one JSON line: what introspection said before and after the revocation.
"""

import json
import sys
import urllib.request

from authlib.integrations.httpx_client import OAuth2Client


def main():
    url, client_id = sys.argv[1:]
    secret, token = sys.stdin.read().split()
    with urllib.request.urlopen(url + "/.well-known/oauth-authorization-server") as answer:
        metadata = json.load(answer)
    with OAuth2Client(client_id, secret, token_endpoint_auth_method="client_secret_basic") as client:
        introspection, revocation = metadata["introspection_endpoint"], metadata["revocation_endpoint"]
        before = client.introspect_token(introspection, token=token, token_type_hint="access_token")
        revoked = client.revoke_token(revocation, token=token, token_type_hint="access_token")
        after = client.introspect_token(introspection, token=token)
    print(json.dumps({
        "before": before.json(), "revoked": revoked.status_code, "after": after.json(), "issuer": metadata["issuer"],
    }))


main()
