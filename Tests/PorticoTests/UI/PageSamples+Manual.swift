import UI

@testable import OpenAPI

extension PageSamples {
    static let manual = [
        PageSample(name: "contents", page: contents, signedIn: false), PageSample(name: "chapter", page: chapter, signedIn: false)
    ]

    private static let contents = ManualPage(
        document: "/api/v1/openapi.json",
        chapters: [
            ManualLink(title: "Faults", link: "/interface/faults", count: 2),
            ManualLink(title: long, link: "/interface/long", count: 112)
        ])

    private static let chapter = ManualChapterPage(
        title: "Faults", previous: ManualLink(title: "Buildings, units and people", link: "/interface/buildings", count: 9),
        next: ManualLink(title: long, link: "/interface/long", count: 112),
        operations: [
            ManualOperation(
                id: "getFaults", link: "/interface/faults#getFaults", method: "GET", path: "/api/v1/faults",
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
                        type: "/interface/faults#type-FaultLine"),
                    ManualAnswer(status: "400, 401, 403, 503", text: "Error", type: "/api#errors")
                ],
                example: "curl -H \"Authorization: Bearer $TOKEN\" \"$PORTICO/api/v1/faults\""),
            ManualOperation(
                id: "deleteLong", link: "/interface/faults#deleteLong", method: "DELETE", path: "/api/v1/" + long.lowercased(),
                sentences: [long], who: long, tables: [],
                answers: [ManualAnswer(status: "204", text: "–", type: nil)], example: "curl -X DELETE \(long)")
        ],
        types: [
            ManualType(
                id: "type-FaultLine", title: "FaultLine",
                rows: [
                    ManualRow(name: "id", kind: "string", type: nil, isRequired: true, note: ""),
                    ManualRow(
                        name: "reporter", kind: "FaultRef", type: "/interface/faults#type-FaultRef", isRequired: false, note: "")
                ])
        ])
}
