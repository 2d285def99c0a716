import UI

@testable import OpenAPI

extension PageSamples {
    static let manual = [PageSample(name: "manual", page: manualPage, signedIn: false)]

    private static let manualPage = ManualPage(
        document: "/api/v1/openapi.json",
        chapters: [
            ManualChapter(
                id: "on-faults", title: "Faults", link: "/api#on-faults",
                operations: [
                    ManualOperation(
                        id: "getFaults", link: "/api#getFaults", method: "GET", path: "/api/v1/faults",
                        sentences: ["Lists the faults that you may see, newest first."],
                        who: "Needs the permission faults:see_own.",
                        tables: [
                            ManualTable(
                                title: "In the address",
                                rows: [
                                    ManualRow(
                                        name: "state", kind: "open · overdue · reported", type: nil, isRequired: false, note: ""),
                                    ManualRow(
                                        name: "cursor", kind: "string, at most 60", type: nil, isRequired: false,
                                        note: "Where the page begins")
                                ])
                        ],
                        answers: [
                            ManualAnswer(
                                status: "200", text: "{items: list of FaultLine, nextCursor: string, total: integer}",
                                type: "/api#type-FaultLine"),
                            ManualAnswer(status: "400, 401, 403, 503", text: "Error", type: "/api#errors")
                        ],
                        example: "curl -H \"Authorization: Bearer $TOKEN\" \"$PORTICO/api/v1/faults\""),
                    ManualOperation(
                        id: "deleteLong", link: "/api#deleteLong", method: "DELETE", path: "/api/v1/" + long.lowercased(),
                        sentences: [long], who: long, tables: [],
                        answers: [ManualAnswer(status: "204", text: "–", type: nil)], example: "curl -X DELETE \(long)")
                ])
        ],
        types: [
            ManualType(
                id: "type-FaultLine", title: "FaultLine",
                rows: [
                    ManualRow(name: "id", kind: "string", type: nil, isRequired: true, note: ""),
                    ManualRow(name: "reporter", kind: "FaultRef", type: "/api#type-FaultRef", isRequired: false, note: "")
                ])
        ])
}
