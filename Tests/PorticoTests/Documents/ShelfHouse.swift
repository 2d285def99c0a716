import Database
import Foundation
import HTTPTypes
import Testing

@testable import Documents
@testable import portico

extension NewsHouse {
    /// A folder; `more` are further fields of JSON.
    func folder(_ name: String, in parent: String? = nil, _ more: String = "") async throws -> String {
        let above = parent.map { ",\"parentId\":\"\($0)\"" } ?? ""
        let answer = try await manager.api(.post, "/documents/folders", "{\"name\":\"\(name)\"\(above)\(more)}")
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json?["folderId"] as? String)
    }

    func document(_ name: String, in folder: String? = nil, _ text: String = "Quiet from ten") async throws -> String {
        let answer = try await upload(name, in: folder, Array(text.utf8))
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json?["documentId"] as? String)
    }

    func upload(_ name: String, in folder: String? = nil, _ bytes: [UInt8]) async throws -> TestAnswer {
        let place = folder.map { ",\"folderId\":\"\($0)\"" } ?? ""
        return try await manager.api(
            .post, "/documents", "{\"name\":\"\(name)\",\"file\":\"\(Data(bytes).base64EncodedString())\"\(place)}")
    }

    var ofHome: String { ",\"buildingIds\":[\"\(home.building.text)\"]" }
}

extension TestMember {
    func shelf(_ folder: String? = nil) async throws -> [String] {
        try await api(.get, "/documents\(folder.map { "?folder=\($0)" } ?? "")").items.compactMap { $0["name"] as? String }
    }

    func folders() async throws -> [String] {
        try await api(.get, "/documents/folders").items.compactMap { $0["name"] as? String }
    }
}
