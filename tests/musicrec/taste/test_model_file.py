import io
import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import skops.io
import xgboost
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from musicrec.domain.errors import ModelFormatError
from musicrec.taste import TasteModel, content_hash, dump_model, load_model
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.boosting import Trees, fit_boosting, fit_forest
from musicrec.taste.fit import fit
from musicrec.taste.pipeline_file import dump_pipeline, load_pipeline
from musicrec.taste.sampling import Sampling, remedies_for
from musicrec.taste.trees_file import dump_trees, load_trees
from tests.musicrec.taste.simulated import encoded, songs


@pytest.fixture(scope="session")
def blob(model: TasteModel) -> bytes:
    """A small file: of a linear model."""
    features, liked = encoded(120)
    fitted = fit(ALGORITHMS["logistic_regression"], Sampling.NONE, features, liked, seed=0)
    return dump_model(replace(model, algorithm="logistic_regression", fitted=fitted))


@pytest.mark.parametrize("key", ALGORITHMS)
def test_every_pipeline_survives_with_equal_scores(key: str):
    features, liked = encoded(80, lean=0.3)
    for sampling in (Sampling.NONE, *remedies_for(ALGORITHMS[key])):
        fitted = fit(ALGORITHMS[key], sampling, features, liked, seed=0)
        loaded = replace(fitted, pipeline=load_pipeline(dump_pipeline(fitted.pipeline)))
        assert loaded.probabilities(features).tolist() == fitted.probabilities(features).tolist()


def test_a_model_survives_with_everything_it_knows(model: TasteModel):
    loaded = load_model(dump_model(model))
    table = songs(50, seed=4)
    assert loaded.predict(table).tolist() == model.predict(table).tolist()
    assert loaded.explain(table) == model.explain(table)
    assert loaded.knows(songs(5)).all()
    assert loaded.out_of_fold.tolist() == model.out_of_fold.tolist()
    assert loaded.liked.tolist() == model.liked.tolist()
    for name in (
        "report",
        "algorithm",
        "feature_names",
        "n_labels",
        "typical",
        "tallies",
        "encoding",
    ):
        assert getattr(loaded, name) == getattr(model, name)


def test_the_manifest_names_what_is_inside(blob: bytes):
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert archive.namelist() == ["manifest.json", "pipeline.skops"]
        manifest = json.loads(archive.read("manifest.json"))
        pipeline = archive.read("pipeline.skops")
    assert manifest["format"] == 4
    assert manifest["algorithm"] == "logistic_regression"
    assert manifest["n_labels"] == 120
    assert manifest["parts_sha256"] == {"pipeline.skops": content_hash(pipeline)}


def test_the_manifest_tells_no_song_by_name(blob: bytes):
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert b"Song 0" not in archive.read("manifest.json")
        assert b"spotify" not in archive.read("manifest.json")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_flipped_byte_is_noticed(blob: bytes, data: st.DataObject):
    at = data.draw(st.integers(0, len(blob) - 1))
    flip = data.draw(st.integers(1, 255))
    with pytest.raises(ModelFormatError):
        load_model(blob[:at] + bytes([blob[at] ^ flip]) + blob[at + 1 :])


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_noticed(blob: bytes, part: float):
    with pytest.raises(ModelFormatError):
        load_model(blob[: int(len(blob) * part)])


def test_bytes_added_around_a_model_are_noticed(blob: bytes):
    for changed in (blob + b"x", b"x" + blob):
        with pytest.raises(ModelFormatError):
            load_model(changed)


class Trap:
    """Would make any reader that unpickles it fail the test."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize("foreign", [b"", b"no model", b"PK\x03\x04 not really a zip"])
def test_foreign_bytes_are_refused(foreign: bytes):
    with pytest.raises(ModelFormatError):
        load_model(foreign)


def test_a_pickle_is_refused_unread():
    with pytest.raises(ModelFormatError):
        load_model(pickle.dumps(Trap()))


def spell(manifest: bytes, pipeline: bytes) -> bytes:
    """Write a zip as this project does, with any content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (("manifest.json", manifest), ("pipeline.skops", pipeline)):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            archive.writestr(member, content)
    return buffer.getvalue()


def changed(blob: bytes, pipeline: bytes | None = None, **values: object) -> bytes:
    """Forge a model with another pipeline or other values in its manifest, correctly spelled."""
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        pipeline = archive.read("pipeline.skops") if pipeline is None else pipeline
    manifest |= {"parts_sha256": {"pipeline.skops": content_hash(pipeline)}} | values
    return spell(json.dumps(manifest).encode(), pipeline)


def test_a_forgery_without_changes_is_the_model_itself(blob: bytes):
    assert changed(blob) == blob


def test_a_newer_format_is_refused_by_name(blob: bytes):
    with pytest.raises(ModelFormatError, match="newer"):
        load_model(changed(blob, format=5))


@pytest.mark.parametrize(
    "values",
    [
        {"format": "1"},
        {"format": None},
        {"report": {}},
        {"fitted": {"link": [1.0]}},
        {"typical": 3},
        {"tallies": 3},
        {"tallies": {"artists": {"somebody": [3, 2]}}},
        {"tallies": {"genres": {"metal": [1]}}},
        {"out_of_fold": ["x"]},
        {"parts_sha256": {"pipeline.skops": "0" * 64}},
    ],
)
def test_a_manifest_that_says_nonsense_is_refused(blob: bytes, values: dict[str, object]):
    with pytest.raises(ModelFormatError):
        load_model(changed(blob, None, **values))


@pytest.mark.parametrize("manifest", [b"[]", b"3", b"{", b"\xff\xfe"])
def test_a_manifest_that_is_none_is_refused(manifest: bytes):
    with pytest.raises(ModelFormatError):
        load_model(spell(manifest, b""))


FEATURES = np.random.default_rng(0).normal(size=(20, 3))
LIKED = FEATURES[:, 0] > 0


@pytest.mark.parametrize(
    "foreign",
    [
        GaussianNB().fit(FEATURES, LIKED),
        Pipeline([("model", GaussianNB())]).fit(FEATURES, LIKED),
        Pipeline([("f", FunctionTransformer(np.exp))]),
        {"a": 1},
        [print],
    ],
    ids=repr,
)
def test_any_type_that_is_not_on_the_list_is_refused(blob: bytes, foreign: object):
    with pytest.raises(ModelFormatError, match="no part of a model"):
        load_model(changed(blob, pipeline=skops.io.dumps(foreign)))


def test_a_pickle_in_place_of_the_pipeline_is_refused(blob: bytes):
    with pytest.raises(ModelFormatError):
        load_model(changed(blob, pipeline=pickle.dumps(Trap())))


def test_a_compressed_bomb_is_refused_unpacked(blob: bytes):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", b" " * 10_000_000)
    with pytest.raises(ModelFormatError):
        load_model(changed(blob, pipeline=buffer.getvalue()))


def test_damaged_arrays_inside_the_pipeline_are_refused(blob: bytes):
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        inner = zipfile.ZipFile(io.BytesIO(archive.read("pipeline.skops")))
    buffer = io.BytesIO()
    with inner, zipfile.ZipFile(buffer, "w") as forged:
        for name in inner.namelist():
            forged.writestr(name, inner.read(name) if name == "schema.json" else b"nothing")
    with pytest.raises(ModelFormatError):
        load_model(changed(blob, pipeline=buffer.getvalue()))


def test_the_content_hash_is_the_sha256_of_the_bytes():
    assert content_hash(b"abc").startswith("ba7816bf8f01cfea")


@pytest.fixture(scope="session")
def booster() -> dict[str, Any]:
    features, liked = encoded(60)
    fitted = fit(ALGORITHMS["xgboost"], Sampling.NONE, features, liked, seed=0)
    return json.loads(dump_pipeline(fitted.pipeline))


def forged(booster: dict[str, Any], *path: str | int, value: object) -> bytes:
    """Spell a booster with one value replaced."""
    copy = json.loads(json.dumps(booster))
    place = copy["learner"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(copy).encode()


TREE = ("gradient_booster", "model", "trees", 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*TREE, "left_children", 0), 10**6),
        ((*TREE, "right_children", 1), 0),
        ((*TREE, "split_indices", 0), 99),
        ((*TREE, "split_conditions"), []),
        ((*TREE, "tree_param", "num_nodes"), "1000000"),
        (("gradient_booster", "model", "tree_info", 0), 7),
        (("learner_model_param", "num_class"), "3"),
        (("objective", "name"), "multi:softmax"),
        ((*TREE, "left_children", 0), "1"),
        ((*TREE, "left_children", 0), 1.0),
        ((*TREE, "parents", 0), 2**40),
        ((*TREE, "split_conditions", 0), "0"),
        ((*TREE, "default_left"), [[0]]),
        ((*TREE, "split_type", 0), 1),
        ((*TREE, "categories"), [1]),
        ((*TREE, "tree_param", "num_deleted"), None),
    ],
)
def test_a_booster_with_wrong_indices_is_refused_before_it_reads_foreign_memory(
    booster: dict[str, Any], path: tuple[str | int, ...], value: object
):
    assert load_pipeline(json.dumps(booster).encode())
    with pytest.raises(ModelFormatError, match="trees"):
        load_pipeline(forged(booster, *path, value=value))


@pytest.mark.parametrize("fit_trees", [fit_boosting, fit_forest])
def test_trees_are_what_xgboost_itself_reads_from_the_stored_json(fit_trees: Callable[..., Trees]):
    features, liked = encoded(80)
    stored = dump_trees(fit_trees(features, liked, seed=3))
    theirs, ours = xgboost.Booster(model_file=bytearray(stored)), load_trees(stored)
    assert ours.save_raw("json") == theirs.save_raw("json")
    assert ours.inplace_predict(features).tolist() == theirs.inplace_predict(features).tolist()


def test_a_model_from_before_the_counts_is_still_read(blob: bytes):
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        pipeline = archive.read("pipeline.skops")
    del manifest["tallies"]
    former, today = load_model(spell(json.dumps(manifest).encode(), pipeline)), load_model(blob)
    assert not former.tallies.artists
    said = zip(former.explain(songs(20)), today.explain(songs(20)), strict=True)
    for before, now in said:
        assert before.p_like == now.p_like
        assert [why.push for why in before.leading] == [why.push for why in now.leading]


def test_a_model_of_the_first_format_is_still_read(blob: bytes):
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        pipeline = archive.read("pipeline.skops")
    old = manifest | {"format": 1, "pipeline_sha256": content_hash(pipeline)}
    old["link"] = old.pop("fitted")["link"]
    del old["parts_sha256"], old["tallies"]
    loaded = load_model(spell(json.dumps(old).encode(), pipeline))
    assert loaded.predict(songs(5)).tolist() == load_model(blob).predict(songs(5)).tolist()
