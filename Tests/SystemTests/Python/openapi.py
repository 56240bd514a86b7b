"""Reads docs/openapi.yaml: whether it is a valid OpenAPI 3.1 document, and whether answers of a server are what it says.

    openapi.py DOCUMENT                 answers on standard input, as JSON lines:
                                        {"method":"GET","path":"/api/v1/agents","status":200,"body":{…}}

Prints one JSON line: the routes of the document, its error codes, and the faults that were found. A field of an answer
that the document does not name is a fault, too.
"""

import json
import sys

import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
HERE = "urn:claviger:openapi"


def close(schema):
    """Makes every object with named fields refuse others."""
    if isinstance(schema, dict):
        if "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
        for part in schema.values():
            close(part)
    elif isinstance(schema, list):
        for part in schema:
            close(part)


def resolve(document, part):
    while "$ref" in part:
        target = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        part = target
    return part


def fault_of(document, registry, answer):
    method, path, status = answer["method"].lower(), answer["path"], str(answer["status"])
    where = f"{answer['method']} {path} {status}"
    responses = document["paths"].get(path, {}).get(method, {}).get("responses", {})
    found = responses.get(status) or (responses.get("default") if int(status) >= 400 else None)
    if found is None:
        return f"{where} is not in the document"
    content = resolve(document, found).get("content", {})
    if answer.get("body") is None:
        return f"{where} has no body" if content else None
    kind = "application/problem+json" if int(status) >= 400 else "application/json"
    if "/oauth2/" in path and answer["body"].get("error"):
        kind = "application/json"
    if kind not in content:
        return f"{where} has a body of {kind}"
    schema = {"$ref": HERE + content[kind]["schema"]["$ref"]}
    errors = Draft202012Validator(schema, registry=registry).iter_errors(answer["body"])
    return "; ".join(f"{where} {error.json_path}: {error.message[:200]}" for error in errors) or None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = yaml.safe_load(file)
    faults = []
    try:
        validate(document)
    except Exception as error:  # every kind of fault of the document is told alike
        faults.append(str(error)[:2000])
    close(document["components"]["schemas"])
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    registry = Registry().with_resource(HERE, resource)
    answers = [json.loads(line) for line in sys.stdin if line.strip()]
    faults += filter(None, (fault_of(document, registry, answer) for answer in answers))
    routes = [f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item if method in METHODS]
    codes = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    print(json.dumps({"routes": sorted(routes), "codes": sorted(codes), "faults": faults}))


main()
