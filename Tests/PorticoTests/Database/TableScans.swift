/// How many rows a plan has looked at, those that it threw away included; from what EXPLAIN (ANALYZE) prints.
struct TableScans {
    private(set) var rows = 0

    /// - Parameter names: the tables, and the functions that give their rows.
    init(_ plan: [String], of names: Set<String>) {
        var loops = 0
        for line in plan {
            if let scan = line.firstMatch(of: /Scan.* on (\w+)\b.*actual rows=(\d+) loops=(\d+)/) {
                loops = names.contains(String(scan.1)) ? Int(scan.3) ?? 0 : 0
                rows += (Int(scan.2) ?? 0) * loops
            } else if line.contains("->") {
                loops = 0
            } else if let removed = line.firstMatch(of: /Rows Removed by (?:Filter|Index Recheck): (\d+)/) {
                rows += (Int(removed.1) ?? 0) * loops
            }
        }
    }
}
