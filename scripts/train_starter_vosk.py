"""Trains the starter recogniser and writes it as a Vosk folder: `python scripts/train_starter_vosk.py`.

Its speech is synthesised (espeak-ng, flite; festival with festvox-kdlpc16k for one test speaker); nothing is downloaded. Steps,
not the clock, set the schedule. Needs the `[train]` and `[sphinx]` extras and those commands. Each stage keeps its
result in `--work` and is not done again: `speech`, `features`, `train`, `export`, `evaluate`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.training import phones, speech_features, speech_synth, vosk_folder  # noqa: E402

TESTS = ("test_espeak", "test_rms", "test_ked")
SIZES = {"train": 15_500, "dev": 400, "test_espeak": 300, "test_rms": 300, "test_ked": 150}
COPIES = 3
"""How often each training sentence is used, damaged in another way each time."""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "models/starter/vosk-en")
    parser.add_argument("--work", type=Path, default=ROOT / "build/starter-vosk", help="folder of speech and checkpoints")
    parser.add_argument("--steps", type=int, default=4500)
    parser.add_argument("--workers", type=int, default=2, help="processes for speech and features")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", type=int, default=0, metavar="STEPS", help="train the last checkpoint for another cycle")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--only", choices=["speech", "features", "train", "export", "evaluate"], help="do this stage alone")
    return parser.parse_args()


def speech(args: argparse.Namespace) -> None:
    """Say every set that is not there yet."""
    for name, size in SIZES.items():
        if not (args.work / f"{name}.npz").exists():
            speech_synth.say_all(speech_synth.plan(name, size, args.seed), args.work / f"{name}.npz", args.workers)


def _damaged(job: tuple[speech_synth.Samples, int, bool]) -> Any:
    sound, seed, mild = job
    return speech_features.features(speech_features.damage(sound, np.random.default_rng(seed), mild)).astype(np.float16)


def features(args: argparse.Namespace) -> None:
    """Damage the training speech in several ways, the last time mildly, and keep the features of each copy."""
    for copy in range(COPIES):
        path = args.work / f"features-{copy}.npz"
        if path.exists():
            continue
        items = speech_synth.load(args.work / "train.npz")
        jobs = [(sound, copy * len(items) + index, copy == COPIES - 1) for index, (_, sound) in enumerate(items)]
        found = []
        with ProcessPoolExecutor(args.workers) as pool:
            for index, frames in enumerate(pool.map(_damaged, jobs, chunksize=32), 1):
                found.append(frames)
                if index % 500 == 0 or index == len(jobs):
                    print(f"\rfeatures, copy {copy + 1} of {COPIES}: {index}/{len(jobs)} ", end="", flush=True)
        print()
        np.savez(path, lengths=np.array([len(frames) for frames in found]), frames=np.concatenate(found))


def train(args: argparse.Namespace) -> None:
    """Train the network."""
    from scripts.training import vosk_net

    with np.load(args.work / "train.npz") as file:
        texts = [str(text) for text in file["texts"]] * COPIES
    frames = []
    for copy in range(COPIES):
        with np.load(args.work / f"features-{copy}.npz") as file:
            frames += np.split(file["frames"], np.cumsum(file["lengths"])[:-1])
    goals = [vosk_folder.labels(text) for text in texts]
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
    layers = vosk_net.fold(net, mean, deviation)
    dev = speech_synth.load(args.work / "dev.npz")
    strange = strange_sounds(args.work)
    best: tuple[float, vosk_folder.Costs] | None = None
    for prior in (2.0, 4.0, 8.0):
        for price in (2.0, 2.5, 3.0):
            costs = vosk_folder.Costs(blank_prior=prior, unknown_phone=price)
            vosk_folder.write(args.work / "candidate", layers, costs)
            model = vosk.Model(str(args.work / "candidate"))
            clean = vosk_folder.errors(model, dev)["wer"]
            hard = vosk_folder.errors(model, [(text, vosk_folder.noisy(sound, i)) for i, (text, sound) in enumerate(dev)])["wer"]
            taken = vosk_folder.accepted(model, strange)
            print(
                f"step {step}  prior {prior}  [unk] phone {price}: dev {clean:.2%}, noisy {hard:.2%}, strange taken {taken:.0%}",
                flush=True,
            )
            score = clean + hard + 0.05 * taken
            if best is None or score < best[0]:
                best = score, costs
    assert best is not None
    print(f"taken: {best[1]}")
    vosk_folder.write(args.out, layers, best[1])


def strange_sounds(work: Path) -> list[speech_synth.Samples]:
    """Sixty sentences of words outside the vocabulary."""
    path = work / "strange.npz"
    if not path.exists():
        speech_synth.say_all(speech_synth.strange(60, set(vosk_folder.vocabulary())), path, 2)
    return [sound for _, sound in speech_synth.load(path)]


def evaluate(args: argparse.Namespace) -> None:
    """Measure the written folder on the test sets and print the figures as JSON."""
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(str(args.out))
    figures: dict[str, Any] = {"words": len(vosk_folder.vocabulary())}
    for name in TESTS:
        items = speech_synth.load(args.work / f"{name}.npz")
        figures[name] = {
            "clean": vosk_folder.errors(model, items),
            "noise_10_db": vosk_folder.errors(
                model, [(text, vosk_folder.noisy(sound, i)) for i, (text, sound) in enumerate(items)]
            ),
        }
    figures["strange_words_taken"] = vosk_folder.accepted(model, strange_sounds(args.work))
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
