import HTML

/// `/api`: the interface for programs, for people. What stands in English here is English in the document, too.
package struct ManualPage: Sendable {
    var document: WebPath
    var chapters: [ManualLink]
}

/// `/interface/{chapter}`: all operations of a chapter, and the types that their answers are made of.
package struct ManualChapterPage: Sendable {
    var title: String
    var previous: ManualLink?
    var next: ManualLink?
    var operations: [ManualOperation]
    var types: [ManualType]
}

package struct ManualLink: Sendable {
    var title: String
    var link: WebPath
    /// How many operations stand there.
    var count: Int
}

package struct ManualOperation: Sendable {
    var id: String
    var link: WebPath
    var method: String
    var path: String
    /// A sentence for each.
    var sentences: [String]
    /// "Needs the permission faults:assign", in the reader's language.
    var who: String
    /// What the address may ask for, then what the body says.
    var tables: [ManualTable]
    var answers: [ManualAnswer]
    /// A command to try it with.
    var example: String
}

package struct ManualTable: Sendable {
    var title: String
    var rows: [ManualRow]
}

/// A field.
package struct ManualRow: Sendable {
    var name: String
    /// "string, 1–140".
    var kind: String
    /// The type of which it is, further below on the same page.
    var type: WebPath?
    var isRequired: Bool
    var note: String
}

package struct ManualAnswer: Sendable {
    var status: String
    var text: String
    var type: WebPath?
}

package struct ManualType: Sendable {
    var id: String
    var title: String
    var rows: [ManualRow]
}
