"""Trains the starter recogniser and writes it as a Vosk folder: `python scripts/train_starter_vosk.py`.

Its speech is synthesised (espeak-ng, flite; festival with festvox-kdlpc16k for one test speaker); nothing is downloaded. Steps,
not the clock, set the schedule. Needs the `[train]` and `[sphinx]` extras and those commands. Each stage keeps its
result in `--work` and is not done again: `speech`, `features`, `train`, `export`, `evaluate`.
What is said in which voice stands in `training/speech_sets.py`. The model that ships had, after its 6,500 steps, 5,500 more
(`--only train --again 5500`, then `--only export` and `--only evaluate`).
"""

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.training import phones, speech_features, speech_sets, speech_synth, speech_tests, vosk_folder  # noqa: E402

LANGUAGE = "en"
TESTS = ("test_espeak", "test_rms", "test_ked")
COPIES = 2
"""How often each training sentence is used, damaged in another way each time."""
PRIORS = (4.0, 8.0)
UNKNOWN = ((2.5, 0.01), (3.0, 0.03), (3.5, 0.06))
"""What `export` tries: blank's priors, then the prices of `[unk]`: of a phone in it and its share of all words."""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "models/starter/vosk-en")
    parser.add_argument("--work", type=Path, default=ROOT / "build/starter-vosk/en", help="folder of speech and checkpoints")
    parser.add_argument("--steps", type=int, default=6500)
    parser.add_argument("--workers", type=int, default=2, help="processes for speech and features")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", type=int, default=0, metavar="STEPS", help="train the last checkpoint for another cycle")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--only", choices=["speech", "features", "train", "export", "evaluate"], help="do this stage alone")
    return parser.parse_args()


def texts(args: argparse.Namespace) -> list[str]:
    """The language model's sentences, out of which training speech is drawn too."""
    path: Path = args.work / "texts.txt"
    if not path.exists():
        speech_sets.write_texts(LANGUAGE, path)
    return path.read_text(encoding="utf-8").splitlines()


def speech(args: argparse.Namespace) -> None:
    """Say every set that is not there yet."""
    said = texts(args)
    for name, size in speech_sets.SIZES[LANGUAGE].items():
        if not (args.work / f"{name}.npz").exists():
            planned = speech_sets.utterances(LANGUAGE, name, size, said, args.seed)
            speech_synth.say_all(planned, args.work / f"{name}.npz", args.workers)


def _damaged(job: tuple[speech_synth.Samples, int]) -> Any:
    sound, seed = job
    rng = np.random.default_rng(seed)
    return speech_features.features(speech_features.damage(sound, rng, mild=rng.random() < 0.2)).astype(np.float16)


def _said(args: argparse.Namespace) -> list[tuple[str, speech_synth.Samples]]:
    return [item for name in speech_sets.TRAINED for item in speech_synth.load(args.work / f"{name}.npz")]


def features(args: argparse.Namespace) -> None:
    """Damage the training speech in several ways, one in five mildly, and keep the features of each copy."""
    for copy in range(COPIES):
        path = args.work / f"features-{copy}.npz"
        if path.exists():
            continue
        items = _said(args)
        jobs = ((sound, copy * len(items) + index) for index, (_, sound) in enumerate(items))
        found = []
        with ProcessPoolExecutor(args.workers) as pool:
            for index, frames in enumerate(pool.map(_damaged, jobs, chunksize=64), 1):
                found.append(frames)
                if index % 500 == 0 or index == len(items):
                    print(f"\rfeatures, copy {copy + 1} of {COPIES}: {index}/{len(items)} ", end="", flush=True)
        print()
        np.savez(path, lengths=np.array([len(frames) for frames in found]), frames=np.concatenate(found))


def train(args: argparse.Namespace) -> None:
    """Train the network."""
    from scripts.training import vosk_net

    goals = []
    for name in speech_sets.TRAINED:
        with np.load(args.work / f"{name}.npz") as file:
            goals += [vosk_folder.labels(str(text)) for text in file["texts"]]
    goals *= COPIES
    frames = []
    for copy in range(COPIES):
        with np.load(args.work / f"features-{copy}.npz") as file:
            frames += np.split(file["frames"], np.cumsum(file["lengths"])[:-1])
    items = [(frame, goal) for frame, goal in zip(frames, goals, strict=True) if len(frame) / 3 > 1.3 * len(goal)]
    print(f"{len(items)} sentences, {sum(len(frame) for frame, _ in items) / 360_000:.1f} h of sound", flush=True)
    steps = args.again or args.steps
    vosk_net.train(items, phones.OUTPUTS, steps, args.work, args.seed, resume=args.resume, again=bool(args.again))


def export(args: argparse.Namespace) -> None:
    """Write the folder; blank's prior and the prices of `[unk]` are what does best on the development set."""
    import vosk

    from scripts.training import vosk_net

    vosk.SetLogLevel(-1)
    net, mean, deviation, step = vosk_net.load(args.work, phones.OUTPUTS)
    layers = vosk_net.fold(net, mean, deviation, speech_features.quiet())
    said = texts(args)
    dev = [item for name in ("dev", "dev_kal") for item in speech_synth.load(args.work / f"{name}.npz")]
    strange = strange_sounds(args.work, said)
    clean = dev[::4]
    hard = [(text, vosk_folder.noisy(sound, index)) for index, (text, sound) in enumerate(dev[2::4])]
    empty = noise_sounds(24, args.seed)

    def score(costs: vosk_folder.Costs) -> float:
        vosk_folder.write(args.work / "candidate", layers, costs, said)
        model = vosk.Model(str(args.work / "candidate"))
        wrong, wrong_hard = vosk_folder.errors(model, clean)["wer"], vosk_folder.errors(model, hard)["wer"]
        taken, imagined = vosk_folder.accepted(model, strange), vosk_folder.accepted(model, empty)
        print(f"{costs}: dev {wrong:.2%}, noisy {wrong_hard:.2%}, strange {taken:.0%}, noise alone {imagined:.0%}", flush=True)
        return wrong + wrong_hard + 0.05 * taken + 0.1 * imagined

    best = min((vosk_folder.Costs(blank_prior=prior) for prior in PRIORS), key=score)
    best = min((replace(best, unknown_phone=price, unknown_share=share) for price, share in UNKNOWN), key=score)
    print(f"step {step}, taken: {best}")
    vosk_folder.write(args.out, layers, best, said)


def noise_sounds(count: int, seed: int) -> list[speech_synth.Samples]:
    """Two seconds of noise each, from hardly audible to loud: no word is in them."""
    rng = np.random.default_rng(seed)
    loud = np.geomspace(100, 3_000, count)
    return [np.clip(speech_features.noise(2 * speech_synth.RATE, rng) * rms, -32768, 32767).astype(np.int16) for rms in loud]


def strange_sounds(work: Path, said: Sequence[str]) -> list[speech_synth.Samples]:
    """Sixty sentences of words outside the vocabulary."""
    path = work / "strange.npz"
    if not path.exists():
        speech_synth.say_all(speech_synth.strange(60, set(vosk_folder.vocabulary(said))), path, 2)
    return [sound for _, sound in speech_synth.load(path)]


def evaluate(args: argparse.Namespace) -> None:
    """Measure the written folder on the test sets and print the figures as JSON."""
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(str(args.out))
    said = texts(args)
    figures: dict[str, Any] = {"words": len(vosk_folder.vocabulary(said))}
    for name in TESTS:
        items = speech_synth.load(args.work / f"{name}.npz")
        figures[name] = {
            "clean": vosk_folder.errors(model, items),
            "noise_10_db": vosk_folder.errors(
                model, [(text, vosk_folder.noisy(sound, i)) for i, (text, sound) in enumerate(items)]
            ),
        }
    commands = speech_synth.load(args.work / "commands_rms.npz")
    figures["commands_rms"] = {
        "open": vosk_folder.errors(model, commands),
        "grammar": vosk_folder.errors(model, commands, [*speech_tests.COMMANDS, "[unk]"]),
    }
    for name in ("other_talk_espeak", "other_talk_rms"):
        figures[f"{name}_taken"] = vosk_folder.accepted(
            model, [sound for _, sound in speech_synth.load(args.work / f"{name}.npz")]
        )
    figures["noise_taken"] = vosk_folder.accepted(model, noise_sounds(60, args.seed + 1))
    figures["strange_words_taken"] = vosk_folder.accepted(model, strange_sounds(args.work, said))
    text = json.dumps(figures, indent=1)
    (args.out / "figures.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def main(stages: Sequence[Any] = (speech, features, train, export, evaluate)) -> None:
    """All stages in order, or one."""
    args = arguments()
    args.work.mkdir(parents=True, exist_ok=True)
    for stage in stages:
        if args.only in (None, stage.__name__):
            stage(args)


if __name__ == "__main__":
    main()
