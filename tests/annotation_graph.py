"""Read annotations.jsonld as a program does that has the standard context on board: no network."""

import json

import rdflib

from csrbook.annotations import STANDARD

OA = "http://www.w3.org/ns/oa#"
ANNO = {  # of the terms that http://www.w3.org/ns/anno.jsonld defines, those met here, with the meanings it gives them
    "oa": OA, "as": "http://www.w3.org/ns/activitystreams#", "dc": "http://purl.org/dc/elements/1.1/",
    "dctypes": "http://purl.org/dc/dcmitype/", "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "id": "@id", "type": "@type",
    "Annotation": "oa:Annotation", "TextualBody": "oa:TextualBody", "SpecificResource": "oa:SpecificResource",
    "TextQuoteSelector": "oa:TextQuoteSelector", "TextPositionSelector": "oa:TextPositionSelector", "describing": "oa:describing",
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage", "Software": "as:Application", "Text": "dctypes:Text",
    "body": {"@type": "@id", "@id": "oa:hasBody"}, "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"}, "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"}, "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
    "exact": "oa:exact", "prefix": "oa:prefix", "suffix": "oa:suffix", "start": "oa:start", "end": "oa:end", "value": "rdf:value",
    "format": "dc:format", "language": "dc:language", "label": "rdfs:label", "name": "foaf:name",
    "generator": {"@type": "@id", "@id": "as:generator"}, "total": "as:totalItems", "startIndex": "as:startIndex",
    "first": {"@type": "@id", "@id": "as:first"}, "partOf": {"@type": "@id", "@id": "as:partOf"},
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
}


def graph_of(folder):
    """Read the file as a program does that has the standard context on board."""
    told = json.loads((folder / "annotations.jsonld").read_text(encoding="utf-8"))
    told["@context"] = [ANNO if one == STANDARD else one for one in told["@context"]]
    return rdflib.Graph().parse(data=json.dumps(told), format="json-ld", publicID=(folder / "annotations.jsonld").absolute().as_uri())
