import Forms
import HTML
import QR
import UI

@testable import Identity

extension PageSamples {
    static let security = [
        PageSample(name: "second-step", page: SecondStepPage(.en, next: "/faults", []), signedIn: false),
        PageSample(
            name: "second-step-wrong",
            page: SecondStepPage(.en, next: nil, [FieldProblem("recovery_code", .own("mfa_invalid"))], triesLeft: 3),
            signedIn: false,
            problem: true),
        PageSample(
            name: "second-step-passkey",
            page: SecondStepPage(
                .en, next: "/faults", hasAuthenticator: false, passkey: prompt("/login/mfa", "Use a passkey"),
                [FieldProblem("passkey", .own("passkey_invalid"))], triesLeft: 4), signedIn: false, problem: true),
        PageSample(
            name: "security-off",
            page: SecurityPage(
                crumbs: securityCrumbs, authenticatorText: "At the moment your password alone is enough to sign in.",
                setUp: "/account/security/authenticator", passkeys: [], isRequired: true)),
        PageSample(
            name: "security-identities",
            page: SecurityPage(
                crumbs: securityCrumbs, authenticatorText: "At the moment your password alone is enough to sign in.",
                setUp: "/account/security/authenticator", passkeys: [], isRequired: false,
                identities: IdentitiesCard(
                    rows: [
                        IdentityRow(
                            title: "Google", email: "nora.blum@mail.example", linked: moment, used: nil,
                            removal: "/account/security/identities/1/removal"),
                        IdentityRow(
                            title: "Lindenhof ID", email: "", linked: moment, used: moment,
                            removal: "/account/security/identities/2/removal")
                    ], links: [ProviderLink(title: "Microsoft", path: "/account/security/providers/azure")]))),
        PageSample(
            name: "security-on",
            page: SecurityPage(
                crumbs: securityCrumbs, authenticatorText: "Signing in takes your password and a code.",
                authenticator: AuthenticatorCard(
                    facts: [Fact("Set up on", "26 Nov 2026")], removal: "/account/security/removal"),
                setUp: "/account/security/authenticator",
                passkeys: [
                    PasskeyListRow(
                        name: "Chrome, Windows", path: passkeyPath, kept: "On one device", made: moment(daysAgo: 40),
                        used: moment(daysAgo: 1)),
                    PasskeyListRow(name: long, path: passkeyPath, kept: "Synchronised between devices", made: moment(daysAgo: 2))
                ],
                codes: RecoveryCard(
                    facts: [Fact("Recovery codes", "2 of 10 left")], warning: long, newCodes: "/account/security/recovery-codes"),
                isRequired: false)),
        PageSample(name: "new-passkey", page: newPasskey([])),
        PageSample(
            name: "new-passkey-refused",
            page: newPasskey([
                FieldError(
                    field: "passkey", code: "passkey_known", message: "There is a passkey of yours on this device already.")
            ]), problem: true),
        PageSample(name: "passkey", page: passkey("Chrome, Windows", [])),
        PageSample(
            name: "passkey-without-name",
            page: passkey("", [FieldError(field: "name", code: "required", message: "Fill this in")]), problem: true),
        PageSample(name: "authenticator", page: authenticator([])),
        PageSample(
            name: "authenticator-wrong",
            page: authenticator([FieldError(field: "code", code: "wrong_code", message: "This is not the code of this secret.")]),
            problem: true),
        PageSample(
            name: "recovery-codes",
            page: RecoveryCodesPage(
                crumbs: securityCrumbs, title: "Your second factor is set up", lead: "Each of them gets you in once.",
                codes: "ABCDEFGHJK".map { "\($0)7KX-WFQH-DM2P" }, back: "/account/security")),
        PageSample(
            name: "proof",
            page: ProofPage(
                title: "Is it you?", lead: "Please type your password once more, or a code.", crumbs: [Crumb("Is it you?")],
                action: "/account/prove", errors: [],
                password: Field("password", label: "Password", autocomplete: "current-password", focused: true),
                code: Field("code", label: "Code of the authenticator app", hint: "Or a recovery code"),
                passkey: prompt("/account/prove", "Use a passkey"),
                next: "/account/security",
                submit: "Continue")),
        PageSample(
            name: "proof-by-provider",
            page: ProofPage(
                title: "Is it you?", lead: "Please prove once more who you are.", crumbs: [Crumb("Is it you?")],
                action: "/account/prove", errors: [], password: Field("password", label: "Password"), takesPassword: false,
                providers: [ProviderLink(title: "Lindenhof ID", path: "/account/prove/id?next=%2Faccount")],
                next: "/account/security", submit: "Continue")),
        PageSample(name: "provider-unavailable", page: problem("provider_unavailable", 503), signedIn: false, problem: true),
        PageSample(name: "provider-link-first", page: problem("link_first", 409), signedIn: false, problem: true),
        PageSample(
            name: "factor-removal",
            page: ProofPage(
                title: "Switch off", lead: "Afterwards your password alone is enough to sign in.", crumbs: securityCrumbs,
                action: "/account/security/removal",
                errors: [FieldError(field: "password", code: "wrong_password", message: "This is not your password")],
                password: Field("password", label: "Password", error: "This is not your password", required: true),
                code: Field("code", label: "Code of the authenticator app", required: true), submit: "Switch off",
                isDangerous: true, back: "/account/security"), problem: true)
    ]

    private static func problem(_ code: String, _ status: Int) -> ProviderProblemPage {
        ProviderProblemPage(
            status: status, title: "Google: \(code)", text: "Wait a moment, then try again.", again: "Try again with Google",
            retry: status == 503 ? "/login/oidc/google?next=%2Ffaults" : nil, back: "/login",
            backLabel: "To the sign-in page", forgotten: status == 409 ? "/password/forgot" : nil)
    }

    private static let securityCrumbs = [Crumb("Your settings", "/account"), Crumb("Security", "/account/security")]

    private static let passkeyPath: WebPath = "/account/security/passkeys/01994b2e-7f00-7000-8000-000000000001"

    static func prompt(_ action: WebPath, _ label: String) -> PasskeyPrompt {
        PasskeyPrompt(
            action: action, options: #"{"challenge":"c2FtcGxl","rpId":"lindenhof.localhost","timeout":300000}"#, label: label)
    }

    private static func newPasskey(_ errors: [FieldError]) -> NewPasskeyPage {
        NewPasskeyPage(
            crumbs: securityCrumbs + [Crumb("Add a passkey")],
            lead: "Your browser will ask where to keep it, and for fingerprint, face or PIN.", errors: errors,
            name: Field(
                "name", label: "Name", value: "Chrome, Windows", hint: "Where it is kept, so that you know it again.",
                required: true, maxLength: 80), prompt: prompt("/account/security/passkeys", "Make the passkey"),
            back: "/account/security")
    }

    private static func passkey(_ name: String, _ errors: [FieldError]) -> PasskeyPage {
        PasskeyPage(
            title: "Chrome, Windows", crumbs: securityCrumbs + [Crumb("Chrome, Windows")],
            facts: [Fact("Made", "26 Nov 2026"), Fact("Last used", "Never"), Fact("Kept", "On one device")], action: passkeyPath,
            errors: errors,
            name: Field("name", label: "Name", value: name, error: errors.message(for: "name"), required: true, maxLength: 80),
            removal: passkeyPath, removalText: "This passkey will not be accepted any more.",
            removalQuestion: "Remove “Chrome, Windows”?")
    }

    private static func authenticator(_ errors: [FieldError]) -> AuthenticatorPage {
        AuthenticatorPage(
            crumbs: securityCrumbs + [Crumb("Authenticator app")],
            lead: "After the password, Portico will ask for a code that only your phone knows.",
            action: "/account/security/authenticator", errors: errors,
            code: QRCode("otpauth://totp/Lindenhof:nora@example.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lindenhof"),
            secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
            field: Field(
                "code", label: "First code", hint: "Six digits", error: errors.message(for: "code"), required: true,
                maxLength: 40,
                autocomplete: "one-time-code", focused: !errors.isEmpty),
            back: "/account/security")
    }
}
