"""The writers of the starter recogniser's files: golden bytes, read by hand from Kaldi's and OpenFst's formats."""

import math
import struct
from pathlib import Path

import numpy as np
import pytest

from scripts.training import graphs, kaldi_files, speech_text, vosk_language_model, vosk_read, words_lexicon
from scripts.training.phones import ENGLISH
from scripts.training.vosk_layers import Affine


def test_tagged_values() -> None:
    out = kaldi_files.Stream()
    out.token("<A>", "<B>")
    out.integer(1, -2)
    out.single(0.5)
    out.double(0.25)
    out.integers([3, 4])
    out.vector([1.0])
    out.matrix([[1.0, 2.0]])
    assert out.written() == (
        b"\0B<A> <B> "
        b"\x04\x01\0\0\0\x04\xfe\xff\xff\xff"
        b"\x04\0\0\0\x3f"
        b"\x08\0\0\0\0\0\0\xd0\x3f"
        b"\x04\x02\0\0\0\x03\0\0\0\x04\0\0\0"
        b"FV \x04\x01\0\0\0\0\0\x80\x3f"
        b"FM \x04\x01\0\0\0\x04\x02\0\0\0\0\0\x80\x3f\0\0\0\x40"
    )


def test_transition_ids_count_the_sorted_triples() -> None:
    assert len(ENGLISH.triples) == 275 and sorted(ENGLISH.triples) == ENGLISH.triples
    assert (ENGLISH.stay("SIL"), ENGLISH.leave("SIL")) == (1, 2)
    assert (ENGLISH.stay("BLK"), ENGLISH.leave("BLK")) == (3, 4)
    assert (ENGLISH.stay("AA_B"), ENGLISH.leave("AA_B"), ENGLISH.leave("AA_I")) == (5, 6, 8)
    assert ENGLISH.leave("UNK_E", ENGLISH.label["ZH"]) == 2 * 275
    assert ENGLISH.word_boundaries().splitlines()[:4] == ["1 nonword", "2 internal", "3 begin", "4 internal"]


def test_the_transition_model_begins_with_its_topology() -> None:
    out = kaldi_files.Stream()
    kaldi_files.transition_model(out, ENGLISH)
    data = out.written()
    assert data.startswith(b"\0B<TransitionModel> <Topology> \x04" + struct.pack("<i3i", 161, 1, 2, 3))
    assert data.endswith(b"</LogProbs> </TransitionModel> ")
    assert data.count(struct.pack("<f", math.log(0.5))) == 2 * 275


def test_a_network_lists_its_nodes_and_its_context() -> None:
    layers = [
        Affine(np.zeros((2, 6), np.float32), np.zeros(2, np.float32), (-3, 0, 3), relu=True),
        Affine(np.zeros((4, 2), np.float32), np.zeros(4, np.float32), (0,), relu=False),
    ]
    out = kaldi_files.Stream()
    kaldi_files.network(out, 2, layers, [4.0, 1.0, 1.0, 1.0])
    head, _, rest = out.written().partition(b"\n\n")
    assert head.decode() == (
        "\0B<Nnet3> \n"
        "input-node name=input dim=2\n"
        "component-node name=l1.affine component=l1.affine input=Append(Offset(input, -3), input, Offset(input, 3))\n"
        "component-node name=l1.relu component=l1.relu input=l1.affine\n"
        "component-node name=l2.affine component=l2.affine input=l1.relu\n"
        "component-node name=output.log-softmax component=output.log-softmax input=l2.affine\n"
        "output-node name=output input=output.log-softmax objective=linear"
    )
    assert rest.startswith(b"<NumComponents> \x04\x04\0\0\0<ComponentName> l1.affine <FixedAffineComponent> <LinearParams> FM ")
    assert b"</Nnet3> <LeftContext> \x04\x03\0\0\0<RightContext> \x04\x03\0\0\0<Priors> FV \x04\x04\0\0\0\0\0\x80\x40" in rest


def test_a_shipped_network_is_read_back_to_the_byte() -> None:
    path = Path(__file__).parents[2] / "models/starter/vosk-en/am/final.mdl"
    data = path.read_bytes()
    at = data.index(b"<Priors> FV ") + len(b"<Priors> FV ") + 5
    out = kaldi_files.Stream()
    kaldi_files.transition_model(out, ENGLISH)
    kaldi_files.network(out, 40, vosk_read.layers(path), np.frombuffer(data, "<f4", ENGLISH.outputs, at).tolist())
    assert out.written() == data


def test_an_fst_is_written_as_openfst_writes_it(tmp_path: Path) -> None:
    graph = graphs.Graph()
    start, end = graph.state(), graph.state(0.0)
    graph.arc(start, end, 7, 2, 0.5)
    graph.arc(start, start, 5, 9)
    graph.write(tmp_path / "a.fst", sort=0)
    assert (tmp_path / "a.fst").read_bytes() == (
        b"\xd6\xfd\xb2\x7e"
        + (b"\x06\0\0\0vector" + b"\x08\0\0\0standard")
        + (struct.pack("<ii", 2, 0) + struct.pack("<Q", 3) + struct.pack("<qqq", 0, 2, 2))
        + (struct.pack("<fq", math.inf, 2) + struct.pack("<iifi", 5, 9, 0.0, 0) + struct.pack("<iifi", 7, 2, 0.5, 1))
        + struct.pack("<fq", 0.0, 0)
    )
    graph.write(tmp_path / "b.fst", sort=1)
    assert (tmp_path / "b.fst").read_bytes() != (tmp_path / "a.fst").read_bytes()


def test_a_word_is_its_phones_with_its_label_first_and_a_blank_between_equals() -> None:
    graph = graphs.words_graph(ENGLISH, {"aa": [("AA", "AA")]}, {"aa": 1}, 2.0, 2.5)
    labelled = [(source, arc) for source, arcs in enumerate(graph.arcs) for arc in arcs if arc[1] == 1]
    [(source, (first, _, _, state))] = labelled
    assert (source, first) == (2, ENGLISH.leave("AA_B"))
    outgoing = {arc[0] for arc in graph.arcs[state]}
    assert outgoing == {ENGLISH.stay("AA_B"), ENGLISH.leave("BLK")}, "the second AA is reached through a blank only"


@pytest.mark.parametrize(("order", "cut"), [(2, (1,)), (3, (1, 1)), (3, (1, 2)), (3, (2, 2)), (4, (1, 1, 2))])
def test_every_states_probabilities_sum_to_one(order: int, cut: tuple[int, ...]) -> None:
    sentences = ["a b", "a c", "b", "a b c", "a b c", "c c c a"]
    ids = {"a": 1, "b": 2, "c": 3, graphs.UNKNOWN: 4}
    graph = vosk_language_model.graph(sentences, ids, 0.01, vosk_language_model.Shape(order, cut))

    def probability(state: int, label: int | None) -> float:
        direct = [arc[2] for arc in graph.arcs[state] if arc[0] == label]
        if label is None:
            direct = [graph.final[state]] if math.isfinite(graph.final[state]) else []
        if direct:
            return math.exp(-direct[0])
        [(_, _, cost, backoff)] = [arc for arc in graph.arcs[state] if arc[0] == 0]
        return math.exp(-cost) * probability(backoff, label)

    for state in range(len(graph.arcs)):
        assert math.isclose(sum(probability(state, label) for label in (1, 2, 3, 4, None)), 1.0, rel_tol=1e-6)


def test_templates_give_known_words_and_numbers() -> None:
    import random

    rng = random.Random(1)
    assert {speech_text.sentence("[a] (b|c [d]) e", rng) for _ in range(200)} == {
        f"{a}{b} e" for a in ("a ", "") for b in ("b", "c", "c d")
    }
    assert {speech_text.number(rng) for _ in range(300)} >= {"zero", "twenty", "one hundred", "a hundred"}
    words = words_lexicon.dictionary()
    source = speech_text.sentences(("turn on the {room} light", "zzyzzx road"), rng)
    assert all(word in words for _ in range(50) for word in next(source).split())
