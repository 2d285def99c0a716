"""Prints where the demo companies are and who can sign in; reads `portico seed demo --sign-ins`, takes the port."""
import json
import sys

port = sys.argv[1]
people = json.load(sys.stdin)
for slug in dict.fromkeys(person["slug"] for person in people):
    print(f"\n  http://{slug}.localhost:{port}/")
    for person in (p for p in people if p["slug"] == slug):
        print(f"      {person['role']:<14} {person['email']:<36} {person['password']:<24} {person['name']}")
print("\nCtrl-C ends the server and its database.", flush=True)
