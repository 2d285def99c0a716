import Foundation

/// A value that `\(value)` in `SQL` can bind.
public protocol SQLBindable: Sendable {
    static var sqlType: SQLType { get }
    /// Appends the value's binary form and returns true; false stands for NULL.
    func encode(into binds: inout Binds) -> Bool
}

/// Enums over a bindable raw value are bound as that: `enum State: String, SQLBindable, SQLDecodable`.
extension SQLBindable where Self: RawRepresentable, RawValue: SQLBindable {
    public static var sqlType: SQLType { RawValue.sqlType }
    public func encode(into binds: inout Binds) -> Bool { rawValue.encode(into: &binds) }
}

extension Bool: SQLBindable {
    public static var sqlType: SQLType { .bool }
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(UInt8(self ? 1 : 0))
        return true
    }
}

extension Int16: SQLBindable {
    public static var sqlType: SQLType { .int2 }
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(self)
        return true
    }
}

extension Int32: SQLBindable {
    public static var sqlType: SQLType { .int4 }
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(self)
        return true
    }
}

extension Int64: SQLBindable {
    public static var sqlType: SQLType { .int8 }
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(self)
        return true
    }
}

extension Int: SQLBindable {
    public static var sqlType: SQLType { .int8 }
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(Int64(self))
        return true
    }
}

extension Double: SQLBindable {
    public static var sqlType: SQLType { .float8 }
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(bitPattern)
        return true
    }
}

extension String: SQLBindable {
    public static var sqlType: SQLType { .text }
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(utf8)
        return true
    }
}

extension UUID: SQLBindable {
    public static var sqlType: SQLType { .uuid }
    public func encode(into binds: inout Binds) -> Bool {
        withUnsafeBytes(of: uuid) { binds.write($0) }
        return true
    }
}

extension Date: SQLBindable {
    public static var sqlType: SQLType { .timestamptz }
    /// Microseconds since 2000-01-01 UTC; `distantPast` and `distantFuture` become -infinity and infinity.
    public func encode(into binds: inout Binds) -> Bool {
        if let micros = PostgresTime.microseconds(self) {
            binds.write(micros)
        } else {
            binds.refuse("the date is not a number or lies outside timestamptz")
        }
        return true
    }
}

extension CalendarDate: SQLBindable {
    public static var sqlType: SQLType { .date }
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(daysSince2000)
        return true
    }
}

extension JSONBytes: SQLBindable {
    public static var sqlType: SQLType { .jsonb }
    /// The binary form of jsonb is its version (1) and the text.
    public func encode(into binds: inout Binds) -> Bool {
        binds.write(UInt8(1))
        binds.write(bytes)
        return true
    }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    public static var sqlType: SQLType { Wrapped.sqlType }
    public func encode(into binds: inout Binds) -> Bool {
        guard case .some(let value) = self else { return false }
        return value.encode(into: &binds)
    }
}

/// `[UInt8]` is bytea; an array of anything else that can be bound is the array of its type.
extension Array: SQLBindable where Element: SQLArrayElement {
    public static var sqlType: SQLType { Element.sqlTypeOfArray }
    public func encode(into binds: inout Binds) -> Bool {
        Element.encode(array: self, into: &binds)
        return true
    }
}
