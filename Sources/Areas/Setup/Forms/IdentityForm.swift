import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// How people come in and prove who they are: second factor by role, registration, and what delegates from outside get.
struct IdentityForm: ConfigurationForm {
    let context: MemberContext

    init(_ context: MemberContext) {
        self.context = context
    }

    struct Draft: Sendable {
        let factorFor: [String]
        let rule: String
        let role: String?
        let mayAsk: [String]
        let domains: [String]
        let terms: String?
        let delegate: String?
    }

    static let rules = ["closed", "domains", "open"]

    var address: WebPath { ConfigurationDesk.path(.identity) }

    func values(_ files: CompanyFiles) throws -> FormValues {
        let yaml = try editor(files)
        var values = FormValues([
            "rule": yaml.scalar("registration", "rule") ?? "closed", "role": yaml.scalar("registration", "role") ?? "",
            "domains": (yaml.items("registration", "domains") ?? []).joined(separator: ", "),
            "terms": yaml.scalar("registration", "terms") ?? "", "delegate_role": yaml.scalar("delegations", "role") ?? ""
        ])
        for role in yaml.items("identity", "secondFactor", "requiredFor") ?? [] { values.add("factor_for", role) }
        for role in yaml.items("registration", "mayAsk") ?? [] { values.add("may_ask", role) }
        return values
    }

    static func draft(_ form: inout FormReader, _ tenant: Tenant) -> Draft {
        let rule = form.choice("rule", among: rules)
        let role = form.optionalText("role", .max(40))
        if rule != "closed", role == nil { form.fail("role", .required) }
        let domains = (form.optionalText("domains", .max(5_000)) ?? "").split { ", ;".contains($0) }.map(String.init)
        if rule == "domains", domains.isEmpty { form.fail("domains", .required) }
        return Draft(
            factorFor: form.texts("factor_for", max: 50, .max(40)), rule: rule, role: role,
            mayAsk: form.texts("may_ask", max: 20, .max(40)), domains: domains, terms: form.optionalText("terms", .max(500)),
            delegate: form.optionalText("delegate_role", .max(40)))
    }

    func changes(_ draft: Draft, _ files: CompanyFiles) throws -> [String: String?] {
        var yaml = try editor(files)
        if Set(yaml.items("identity", "secondFactor", "requiredFor") ?? []) != Set(draft.factorFor) {
            try yaml.set(["identity", "secondFactor", "requiredFor"], .texts(draft.factorFor))
        }
        try register(draft, &yaml)
        if let role = draft.delegate {
            if role != yaml.scalar("delegations", "role") { try yaml.set(["delegations", "role"], .text(role)) }
        } else if yaml.has("delegations") {
            try yaml.remove(["delegations"])
        }
        return [TenantFile.name: yaml.text]
    }

    /// Each rule has keys of its own, and no others.
    private func register(_ draft: Draft, _ yaml: inout YAMLEditor) throws {
        let rule = yaml.scalar("registration", "rule") ?? "closed"
        if draft.rule == "closed" {
            if rule != "closed" { try yaml.set(["registration"], .keyed(["rule": .text("closed")])) }
            return
        }
        if draft.rule != rule { try yaml.set(["registration", "rule"], .text(draft.rule)) }
        if let role = draft.role, role != yaml.scalar("registration", "role") {
            try yaml.set(["registration", "role"], .text(role))
        }
        if draft.rule == "domains" {
            if (yaml.items("registration", "domains") ?? []) != draft.domains {
                try yaml.set(["registration", "domains"], .texts(draft.domains))
            }
        } else {
            try yaml.remove(["registration", "domains"])
        }
        if Set(yaml.items("registration", "mayAsk") ?? []) != Set(draft.mayAsk) {
            try yaml.set(["registration", "mayAsk"], .texts(draft.mayAsk))
        }
        if let terms = draft.terms {
            if terms != yaml.scalar("registration", "terms") { try yaml.set(["registration", "terms"], .text(terms)) }
        } else {
            try yaml.remove(["registration", "terms"])
        }
    }

    func json(_ files: CompanyFiles, base: String) throws -> IdentityRulesJSON {
        let values = try values(files)
        return IdentityRulesJSON(
            factorFor: values.all("factor_for"), rule: values["rule"], role: values["role"], mayAsk: values.all("may_ask"),
            domains: values["domains"], terms: values["terms"], delegateRole: values["delegate_role"], base: base)
    }

    func page(_ state: FormState) -> any Page {
        let desk = ConfigurationDesk(context)
        let (t, errors) = (desk.t.identity, desk.errors(state.problems))
        let roles = context.tenant.configuration.roles
        let title = { (role: Role) in role.title[context.language.rawValue] }
        let all = roles.map { Choice($0.key, title($0)) }
        let outside = roles.filter { !$0.isStaff }.map { Choice($0.key, title($0)) }
        func field(_ name: String, _ label: String, _ hint: String? = nil, required: Bool = false) -> Field {
            Field(
                name, label: label, value: state.values[name], hint: hint, error: errors.message(for: name), required: required)
        }
        func ticks(_ name: String, _ label: String, _ hint: String, _ choices: [Choice]) -> FormPart {
            FormPart(
                kind: .ticks, field: field(name, label, hint), choices: choices, ticked: Set(state.values.all(name)))
        }
        let none = Choice("", t.nobody)
        return desk.form(
            .identity, lead: t.lead, state,
            [
                FormGroup(title: t.factor, hint: t.factorHint, parts: [ticks("factor_for", t.factorFor, t.factorForHint, all)]),
                FormGroup(
                    title: t.registration, hint: t.registrationHint,
                    parts: [
                        FormPart(
                            kind: .choice, field: field("rule", t.rule, required: true),
                            choices: Self.rules.map { Choice($0, t.ruleName(rule: $0)) }),
                        FormPart(kind: .choice, field: field("role", t.role, t.roleHint), choices: [none] + outside),
                        FormPart(kind: .text, field: field("domains", t.domains, t.domainsHint)),
                        ticks("may_ask", t.mayAsk, t.mayAskHint, all),
                        FormPart(kind: .text, field: field("terms", t.terms, t.termsHint))
                    ]),
                FormGroup(
                    title: t.delegations, hint: t.delegationsHint,
                    parts: [FormPart(kind: .choice, field: field("delegate_role", t.delegate), choices: [none] + outside)])
            ])
    }
}
