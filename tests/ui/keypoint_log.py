"""What the tests of keypoints in rooms draw: schemas, layers, operations, sessions' annotations."""

from hypothesis import strategies as st

from explorer.annotation import Annotation, Mark, Review
from tests.ui.room_log import layer, schema
from ui.wire.operations import (
    PutLayer,
    PutMark,
    PutReview,
    RemoveLayer,
    RemoveMark,
    RemoveReview,
    SetSchema,
)

clusters = st.sampled_from(["main", "ears", "tail"])
keypoints = st.sampled_from(["eye", "nose", "chin"])
schemas = st.sampled_from([schema("eye", "nose"), schema("nose", "eye", "chin")])
images = st.sampled_from(["a.jpg", "b.jpg"])
layers = st.builds(
    layer,
    st.sampled_from(["l1", "l2", "l3"]),
    st.dictionaries(images, st.sampled_from([("eye",), ("nose",), ("eye", "nose")]), max_size=2),
    x=st.sampled_from([1.0, 2.5]),
    merge=st.sampled_from(["missing", "overwrite"]),
)
keypoint_operations = st.one_of(
    schemas.map(lambda keypoints: SetSchema(schema_=keypoints)),
    st.builds(
        PutMark,
        cluster=clusters,
        keypoint=keypoints,
        at=st.sampled_from([(0.25, 0.5), (0.75, 0.5)]),
    ),
    st.builds(RemoveMark, cluster=clusters, keypoint=keypoints),
    st.builds(PutLayer, layer=layers),
    st.builds(RemoveLayer, layer_id=st.sampled_from(["l1", "l2", "l3"])),
    st.builds(PutReview, image=images),
    st.builds(RemoveReview, image=images),
)
annotations = st.builds(
    Annotation,
    schema=schemas,
    marks=st.sampled_from([(), (Mark(cluster="main", keypoint="eye", at=(0.1, 0.2)),)]),
    layers=st.lists(layers, max_size=2, unique_by=lambda layer: layer.id).map(tuple),
    reviews=st.sampled_from([(), (Review(image="b.jpg", author="eve"),)]),
)
