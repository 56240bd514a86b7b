// # ClavigerWire
//
// The words on the wire: request and response bodies of the REST interface, frames of the agent channel, error codes,
// paths, and the JSON-RPC 2.0 envelope. Server, command line, SDK and agent all take them from here, so that each name
// is written once.
//
// Times are RFC 3339 text in UTC; ids are TypeIDs as text; secrets are plain strings that a caller has to keep out of
// logs. Bodies of requests are read strictly (unknown fields refused), answers and channel frames leniently (unknown
// fields ignored), so that a newer peer may add fields.
//
// No behaviour beyond reading and writing. May import: StrictJSON.
