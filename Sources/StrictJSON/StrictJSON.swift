// # StrictJSON
//
// One strict RFC 8259 reader and writer for every program of this package.
//
// The reader refuses what lenient readers let through: duplicate names, invalid UTF-8, lone surrogates, U+0000 in
// strings, a byte-order mark, trailing data, numbers outside the grammar and integers that do not fit 64 bits. Size
// and depth are bounded before anything is built. Integers stay exact and are kept apart from doubles.
//
// - ``StrictJSONDecoder`` and ``StrictJSONEncoder`` bridge to `Codable`; unknown fields are refused by name.
// - ``JSONDocument`` and ``JSONView`` read without `Codable`, ``JSONWriter`` writes without it: for hot paths.
// - ``JSONValue`` holds any JSON text as a value, with its fields in order.
// - ``JSONError`` says what is wrong, where (a JSON Pointer, RFC 6901), and what would be right.
//
// May import: nothing, not even Foundation. `JSONValue`, `JSONObject` and `JSONError` are public because public wire
// types carry them; everything else is `package`.

/// The media type of JSON, as it stands in `Content-Type`; written `StrictJSON.mediaType`.
package let mediaType = "application/json"
