"""The page's templates of schemas are the engine's."""

import json

from explorer.annotation_json import schema_to_json
from explorer.keypoint_templates import TEMPLATES
from ui.page import STATIC


def test_page_offers_the_same_templates_as_the_engine():
    # If this fails: write json of {name: schema_to_json(schema)} to the file again.
    offered = json.loads((STATIC / "templates.json").read_text("utf-8"))
    assert offered == {name: schema_to_json(schema) for name, schema in TEMPLATES.items()}
    assert list(offered) == list(TEMPLATES)
