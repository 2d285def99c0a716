/// What all operations share.
extension Document {
    static let words: [Int: String] = [
        200: "Done", 201: "Made; `Location` says where it is", 202: "Will be looked at", 204: "Done, nothing to say",
        302: "A browser goes on to `Location`", 303: "The answer is at `Location`",
        400: "Not understood, or some fields need attention: `errors` says which", 401: "Sign in first, or again",
        403: "Not allowed, or only after `/api/v1/auth/prove` (`proof_required`)", 404: "There is none, or none for you",
        409: "Not now: changed by somebody else meanwhile (`stale_version`), or not in this state",
        410: "It was there, and is over",
        413: "Too large", 415: "Not a media type that is read here",
        422: "The `Idempotency-Key`, or what stands in its place, was used for something else",
        429: "Too often; `Retry-After` says when again",
        431: "Address and headers are too long; without a body",
        503: "Too much is going on, or something that is needed is away; try again in a moment"
    ]

    static let error: Tree = [
        "type": "object", "required": ["error", "code", "requestId"],
        "properties": [
            "error": ["type": "string", "description": "For people, in English"],
            "code": ["type": "string", "description": "For programs: `not_found`, `validation_failed`, `stale_version`, …"],
            "requestId": ["type": "string", "description": "To quote when you ask us"],
            "errors": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["field", "code", "message"],
                    "properties": ["field": ["type": "string"], "code": ["type": "string"], "message": ["type": "string"]]
                ]
            ],
            "allowedTransitions": [
                "type": "array", "items": ["type": "string"],
                "description": "With `invalid_transition`: what would be allowed now"
            ],
            "triesLeft": ["type": "integer", "description": "With a wrong code: how many more may be tried"],
            "authorizationUrl": ["type": "string", "description": "With `use_provider`: where a browser signs in instead"]
        ]
    ]

    static let schemes: Tree = [
        "access": [
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description":
                "An access token from `/api/v1/auth/login`, good for 15 minutes; `/api/v1/auth/refresh` gives the next one"
        ],
        "personal": [
            "type": "http", "scheme": "bearer", "bearerFormat": "portico_…",
            "description":
                "A token that a member made for a program; its scopes are permissions, and it never does more than the member may"
        ]
    ]

    static let headers: Tree = [
        "Location": ["schema": ["type": "string"]],
        "ETag": ["schema": ["type": "string"]],
        "WWW-Authenticate": ["schema": ["type": "string"]],
        "Retry-After": ["schema": ["type": "integer", "minimum": 1], "description": "Seconds"]
    ]
}

/// What holds everywhere, in English as the rest of the document; the page has it in its own words.
enum Rules {
    static let all: [(title: String, text: String)] = [
        (
            "Signing in",
            "Send `Authorization: Bearer …` with an access token or a personal token. What you may do is looked up with every request."
        ),
        (
            "Names",
            "Answers have camelCase; bodies and addresses may have camelCase or snake_case. Names that nobody asks for are left alone."
        ),
        (
            "Values",
            "Ids are texts; times RFC 3339 in UTC; money `{amount, currency}` in the smallest unit; shares `{numerator, denominator}`."
        ),
        (
            "Lists",
            "`{items, nextCursor, total}`: send `nextCursor` as `cursor` for the next page; it is missing on the last one."
        ),
        ("Errors", "One shape for all of them; `code` is stable, `error` is for people. What is not yours is not there: 404."),
        (
            "Doing it once",
            "With `Idempotency-Key` the same request can be sent again, for a day, and is carried out once; the first one still running is 409."
        ),
        (
            "Changes of others",
            "What can be edited has a `version`; sent along, it makes the change 409 when somebody else was faster."
        ),
        ("Files", "As `multipart/form-data`, or in JSON as base64, at most ten of 10 MiB.")
    ]
}
