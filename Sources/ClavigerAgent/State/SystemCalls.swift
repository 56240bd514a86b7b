#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// `read(2)`, by a name that methods called `read` do not hide.
func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(file, buffer, count)
}

/// `write(2)`, by a name that methods called `write` do not hide.
func systemWrite(_ file: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(file, buffer, count)
}
