import Foundation
import HTML
import Testing
import UI

@Suite("Format: dates, numbers and money as people read them")
struct FormatTests {
    private let english = FormatTests.format(.en, "Europe/London", "GBP")
    private let german = FormatTests.format(.de, "Europe/Berlin", "EUR")
    /// 2026-11-21 13:05:09 UTC.
    private let afternoon = Date(timeIntervalSince1970: 1_795_266_309)

    private static func format(_ language: Language, _ zone: String, _ currency: String) -> Format {
        Format(language: language, timeZone: TimeZone(identifier: zone) ?? .gmt, currency: currency)
    }

    @Test("a moment is written in the reader's language and zone")
    func moments() {
        #expect(english.dateTime(afternoon) == "21 Nov 2026, 13:05")
        #expect(german.dateTime(afternoon) == "21.11.2026, 14:05")
        #expect(english.moment(afternoon, now: afternoon).text == "21\u{a0}Nov, 13:05")
        #expect(german.moment(afternoon, now: afternoon).text == "21.11., 14:05")
        let newYear = Date(timeIntervalSince1970: 1_798_758_000)  // already 2027 in Berlin, not yet in London
        #expect(english.moment(afternoon, now: newYear).text == "21\u{a0}Nov, 13:05")
        #expect(german.moment(afternoon, now: newYear).text == "21.11.2026, 14:05")
        #expect(english.moment(afternoon, now: afternoon.addingTimeInterval(86_400 * 366)).text == "21\u{a0}Nov\u{a0}2026, 13:05")
        #expect(english.longDate(afternoon) == "Saturday, 21 November 2026")
        #expect(german.longDate(afternoon) == "Samstag, 21. November 2026")
        #expect(german.iso(afternoon) == "2026-11-21T14:05:09+01:00")
        #expect(english.iso(afternoon) == "2026-11-21T13:05:09Z")
    }

    @Test("the clock jumps at the second of daylight saving, in both directions")
    func daylightSaving() {
        // 2026-03-29 01:00 UTC: 02:00 becomes 03:00 in Berlin. 2026-10-25 01:00 UTC: 03:00 becomes 02:00.
        #expect(german.time(Date(timeIntervalSince1970: 1_774_745_999)) == "01:59")
        #expect(german.time(Date(timeIntervalSince1970: 1_774_746_000)) == "03:00")
        #expect(german.iso(Date(timeIntervalSince1970: 1_792_889_999)) == "2026-10-25T02:59:59+02:00")
        #expect(german.iso(Date(timeIntervalSince1970: 1_792_890_000)) == "2026-10-25T02:00:00+01:00")
    }

    @Test("every offset equals Foundation's, over thirty years and odd zones")
    func offsets() {
        for name in ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca", "Australia/Lord_Howe", "UTC"] {
            let zone = TimeZone(identifier: name) ?? .gmt
            let format = Format(language: .en, timeZone: zone, currency: "EUR")
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = zone
            for second in stride(from: 946_684_800.0, to: 1_893_456_000, by: 1_234_567) {
                let date = Date(timeIntervalSince1970: second)
                let parts = calendar.dateComponents([.hour, .minute, .year], from: date)
                let wanted = String(format: "%02d:%02d", parts.hour ?? -1, parts.minute ?? -1)
                #expect(format.time(date) == wanted)
                #expect(format.date(date).hasSuffix(String(parts.year ?? 0)))
            }
        }
    }

    @Test("dates far outside are shown as the nearest possible one and never trap")
    func farDates() {
        for seconds in [-.infinity, .infinity, .nan, 1e300, -1e300] {
            _ = german.dateTime(Date(timeIntervalSince1970: seconds))
        }
        #expect(german.date(Date(timeIntervalSince1970: -1)) == "01.01.1970")
        #expect(english.date(Date(timeIntervalSince1970: -1)) == "1 Jan 1970")
        #expect(FormatTests.format(.en, "UTC", "EUR").date(Date(timeIntervalSince1970: -86_401)) == "30 Dec 1969")
        #expect(FormatTests.format(.en, "UTC", "EUR").date(Date(timeIntervalSince1970: 951_782_400)) == "29 Feb 2000")
    }

    @Test("numbers are grouped and carry a true minus")
    func numbers() {
        #expect(english.number(1_234_567) == "1,234,567")
        #expect(german.number(-1_234) == "−1.234")
        #expect(german.number(999) == "999")
        #expect(english.number(.min) == "−9,223,372,036,854,775,808")
    }

    @Test("money keeps its minor digits, sign and symbol in place")
    func money() {
        #expect(english.money(minor: 123_450) == "£1,234.50")
        #expect(english.money(minor: -5) == "−£0.05")
        #expect(german.money(minor: -123_450) == "−1.234,50\u{a0}€")
        #expect(german.money(minor: 0) == "0,00\u{a0}€")
        #expect(german.money(minor: 1_234_500, currency: "JPY") == "1.234.500\u{a0}¥")
        #expect(english.money(minor: 5, currency: "CHF") == "CHF\u{a0}0.05")
        #expect(english.money(minor: 1_500, currency: "KWD") == "KWD\u{a0}1.500")
        #expect(english.money(minor: .min) == "−£92,233,720,368,547,758.08")
    }

    @Test("spans and distances use the largest unit and the right case")
    func spans() {
        #expect(english.relative(afternoon, to: afternoon.addingTimeInterval(59)) == "just now")
        #expect(english.relative(afternoon, to: afternoon.addingTimeInterval(60)) == "1 minute ago")
        #expect(german.relative(afternoon, to: afternoon.addingTimeInterval(2 * 86_400)) == "vor 2 Tagen")
        #expect(german.relative(afternoon.addingTimeInterval(3_600), to: afternoon) == "in 1 Stunde")
        #expect(german.span(seconds: 3 * 86_400) == "3 Tage")
        #expect(english.span(seconds: .infinity) == "1 minute")
    }

    @Test("file sizes are decimal and never zero")
    func fileSizes() {
        #expect(english.fileSize(bytes: 0) == "1\u{a0}KB")
        #expect(german.fileSize(bytes: 4_250_000) == "4,2\u{a0}MB")
    }
}
