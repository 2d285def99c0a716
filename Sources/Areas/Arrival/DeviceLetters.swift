import Database
import Foundation
import HTML
import Identity
import Jobs
import Notifications
import Tenancy
import UI
import Web

/// Writes to a member that somebody, perhaps themselves, has signed in with what they never used before.
struct TellOfDevice: Job {
    static let kind = "arrival.tell-of-device"
    let event: NewDeviceUsed
}

extension ArrivalJobs {
    package static func tell(_ event: NewDeviceUsed, _ facts: TxFacts) -> [any Job] { [TellOfDevice(event: event)] }
}

extension TellOfDevice {
    /// Where it was, only the address says: nobody else is asked.
    func run(_ tenant: Tenant, _ tx: Tx) async throws {
        let words = try await tx.first(
            "select locale, time_zone from app.member where tenant_id = \(tx.facts.tenant) and id = \(event.member)", Reader.self)
        let language = words?.locale.flatMap(Language.init) ?? tenant.firstLanguage
        let zone = words?.timeZone.flatMap(TimeZone.init(identifier:)) ?? tenant.timeZone
        let moment = Format(language: language, timeZone: zone, currency: tenant.currency.code).dateTime(event.at)
        var facts = ["device": DeviceWords.of(event.agent, isBrowser: event.isBrowser, language), "moment": moment]
        facts["address"] = event.address
        let key = "device:\(event.occasion.text)"
        try await tx.mail(to: event.member, Letter(.newDevice, path: "/account/sessions", facts: facts, dedupeKey: key))
    }

    private struct Reader: Record {
        let locale: String?
        let timeZone: String?

        init(row: Row) throws {
            locale = try row["locale"]
            timeZone = try row["time_zone"]
        }
    }
}
