import Domain
import StrictJSON
import Testing

@Suite("JSON Schema documents")
struct JSONSchemaDocumentTests {
    @Test(
        "AGT-1: schemas of draft 2020-12 are accepted",
        arguments: [
            "true", "false", "{}", #"{"type":"object"}"#, #"{"type":["string","null"]}"#,
            #"{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.org/a"}"#,
            #"{"properties":{"a":{"minLength":1},"b":true},"required":["a"],"additionalProperties":false}"#,
            ##"{"$defs":{"x":{"enum":[1,"a",null]}},"items":{"$ref":"#/$defs/x"},"prefixItems":[true,{}]}"##,
            #"{"multipleOf":0.5,"minimum":-1,"maxLength":3.0,"const":null,"x-own":17}"#,
            #"{"if":{},"then":{},"else":{},"not":{},"allOf":[{}],"anyOf":[true],"oneOf":[{}]}"#,
            #"{"dependentRequired":{"a":["b"]},"dependentSchemas":{"a":{}},"uniqueItems":true,"$anchor":"a-1"}"#,
        ]
    )
    func accepts(text: String) throws {
        #expect(JSONSchemaDocument.fault(in: try JSONValue(parsing: text)) == nil)
    }

    @Test(
        "AGT-1: an invalid schema is refused with the path of the fault",
        arguments: [
            ("17", ""), ("null", ""), ("[]", ""), (#""object""#, ""),
            (#"{"type":"text"}"#, "/type"), (#"{"type":[]}"#, "/type"), (#"{"type":["string","string"]}"#, "/type"),
            (#"{"type":null}"#, "/type"), (#"{"properties":[]}"#, "/properties"),
            (#"{"properties":{"a":{"type":"date"}}}"#, "/properties/a/type"),
            (#"{"properties":{"a/b~c":3}}"#, "/properties/a~1b~0c"),
            (#"{"items":[{}]}"#, "/items"), (#"{"allOf":[]}"#, "/allOf"), (#"{"anyOf":[{},1]}"#, "/anyOf/1"),
            (#"{"required":["a","a"]}"#, "/required"), (#"{"required":"a"}"#, "/required"),
            (#"{"minLength":-1}"#, "/minLength"), (#"{"maxItems":1.5}"#, "/maxItems"),
            (#"{"multipleOf":0}"#, "/multipleOf"), (#"{"minimum":"1"}"#, "/minimum"),
            (#"{"uniqueItems":1}"#, "/uniqueItems"), (#"{"enum":1}"#, "/enum"), (#"{"pattern":1}"#, "/pattern"),
            (#"{"$schema":"http://json-schema.org/draft-07/schema#"}"#, "/$schema"), (#"{"$ref":1}"#, "/$ref"),
            (#"{"$anchor":"1a"}"#, "/$anchor"), (#"{"$defs":{"x":{"not":2}}}"#, "/$defs/x/not"),
            (#"{"dependentRequired":{"a":[1]}}"#, "/dependentRequired/a"),
            (#"{"$vocabulary":{"u":1}}"#, "/$vocabulary/u"), (#"{"prefixItems":[{"if":1}]}"#, "/prefixItems/0/if"),
        ]
    )
    func refuses(text: String, path: String) throws {
        #expect(JSONSchemaDocument.fault(in: try JSONValue(parsing: text))?.path.text == path)
    }

    @Test("AGT-1: depth and size have bounds, each accepted at the bound and refused behind it")
    func bounds() {
        func nested(_ depth: Int) -> JSONValue {
            (1..<depth).reduce(JSONValue.object([:])) { inner, _ in .object(JSONObject([("not", inner)])) }
        }
        #expect(JSONSchemaDocument.fault(in: nested(JSONSchemaDocument.maximumDepth)) == nil)
        #expect(JSONSchemaDocument.fault(in: nested(JSONSchemaDocument.maximumDepth + 1)) != nil)
        func titled(_ bytes: Int) -> JSONValue {
            ["title": .string(String(repeating: "a", count: bytes - #"{"title":""}"#.utf8.count))]
        }
        #expect(JSONSchemaDocument.fault(in: titled(JSONSchemaDocument.maximumBytes)) == nil)
        #expect(JSONSchemaDocument.fault(in: titled(JSONSchemaDocument.maximumBytes + 1)) != nil)
    }
}
