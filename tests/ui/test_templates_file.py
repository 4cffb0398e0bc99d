"""The page's templates and files of schemas are the engine's."""

import json
import shutil
import subprocess

import pytest

from explorer.annotation_json import schema_to_json
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoint_templates import TEMPLATES
from explorer.keypoints.formats.coco import schema_to_category
from ui.page import STATIC


def test_page_offers_the_same_templates_as_the_engine():
    # If this fails: write json of {name: schema_to_json(schema)} to the file again.
    offered = json.loads((STATIC / "templates.json").read_text("utf-8"))
    assert offered == {name: schema_to_json(schema) for name, schema in TEMPLATES.items()}
    assert list(offered) == list(TEMPLATES)


def test_page_and_engine_write_the_same_coco_category():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    run = (
        "const { toCoco } = await import(process.argv[1]);"
        "const schemas = JSON.parse(process.argv[2]);"
        "console.log(JSON.stringify(schemas.map((one) => toCoco(one).categories[0])))"
    )
    twice = Schema(keypoints=tuple(Keypoint(id=one, name="Toe") for one in ("toe", "toe-2")))
    schemas = [schema for name, schema in TEMPLATES.items() if name != "free"] + [twice]
    told = json.dumps([schema_to_json(schema) for schema in schemas])
    module = (STATIC / "schemafile.js").as_uri()
    answer = subprocess.run(
        [node, "--input-type=module", "-e", run, module, told],
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(answer.stdout) == [schema_to_category(schema) for schema in schemas]
