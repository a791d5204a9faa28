"""Trains a starter recogniser and writes it as a Vosk folder: `python scripts/train_starter_vosk.py --language en`, or `zh`.

Its speech is synthesised (espeak-ng; in English flite and Pico too, and festival for a development and a test speaker); nothing
is downloaded. Steps, not the clock, set the schedule. Needs the `[train]` and `[sphinx]` extras and those commands. Each stage
keeps its result in `--work` and is not done again: `speech`, `features`, `train`, `export`, `evaluate`.
What is said in which voice stands in `training/speech_sets.py`, what a language is made of in `training/vosk_languages.py`.
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

from scripts.training import speech_features, speech_sets, speech_synth, speech_tests, vosk_folder, vosk_read  # noqa: E402
from scripts.training.vosk_languages import SPOKEN, Spoken  # noqa: E402
from scripts.training.vosk_layers import Affine  # noqa: E402

PRIORS = (8.0, 16.0)
UNKNOWN = {"en": ((2.5, 0.01), (3.0, 0.03)), "zh": ((1.0, 1e-10), (1.5, 1e-7))}
"""What `export` tries: blank's priors, then the prices of `[unk]`: of a phone in it and its share of all words."""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--language", choices=sorted(SPOKEN), default="en")
    parser.add_argument("--out", type=Path, help="folder of the model; default: models/starter/vosk-LANGUAGE")
    parser.add_argument("--work", type=Path, help="folder of speech and checkpoints; default: build/starter-vosk/LANGUAGE")
    parser.add_argument("--steps", type=int, help="of training; default: the language's")
    parser.add_argument("--copies", type=int, help="how often each sentence is used, damaged in another way each time")
    parser.add_argument("--minutes", type=float, help="train as many steps as fit into that time")
    parser.add_argument("--batch", type=int, help="sentences a step; default: the language's")
    parser.add_argument("--workers", type=int, default=2, help="processes for speech and features")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="auto", help="of the training: cpu, cuda, or auto: cuda where there is one")
    parser.add_argument("--warm", type=Path, help="folder of a model of these scripts whose weights training begins with")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--only", choices=["speech", "features", "train", "export", "evaluate"], help="do this stage alone")
    args = parser.parse_args()
    args.spoken = SPOKEN[args.language]
    args.out = args.out or ROOT / f"models/starter/vosk-{args.language}"
    args.work = args.work or ROOT / f"build/starter-vosk/{args.language}"
    args.steps = args.steps or args.spoken.steps
    args.copies = args.copies or args.spoken.copies
    args.batch = args.batch or args.spoken.batch
    return args


def texts(args: argparse.Namespace) -> list[str]:
    """The language model's sentences, out of which training speech is drawn too."""
    path: Path = args.work / "texts.txt"
    if not path.exists():
        speech_sets.write_texts(args.language, path)
    return path.read_text(encoding="utf-8").splitlines()


def speech(args: argparse.Namespace) -> None:
    """Say every set that is not there yet."""
    said = texts(args)
    for name, size in speech_sets.SIZES[args.language].items():
        if not (args.work / f"{name}.npz").exists():
            planned = speech_sets.utterances(args.language, name, size, said, args.seed)
            speech_synth.say_all(planned, args.work / f"{name}.npz", args.workers)


def _damaged(job: tuple[speech_synth.Samples, int]) -> Any:
    sound, seed = job
    rng = np.random.default_rng(seed)
    return speech_features.features(speech_features.damage(sound, rng, mild=rng.random() < 0.2)).astype(np.float16)


def _said(args: argparse.Namespace) -> list[tuple[str, speech_synth.Samples]]:
    return [item for name in speech_sets.TRAINED[args.language] for item in speech_synth.load(args.work / f"{name}.npz")]


def features(args: argparse.Namespace) -> None:
    """Damage the training speech in several ways, one in five mildly, and keep the features of each copy."""
    for copy in range(args.copies):
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
                    print(f"\rfeatures, copy {copy + 1} of {args.copies}: {index}/{len(items)} ", end="", flush=True)
        print()
        np.savez(path, lengths=np.array([len(frames) for frames in found]), frames=np.concatenate(found))


def train(args: argparse.Namespace) -> None:
    """Train the network."""
    import torch

    from scripts.training import vosk_net

    spoken: Spoken = args.spoken
    goals = []
    for name in speech_sets.TRAINED[args.language]:
        with np.load(args.work / f"{name}.npz") as file:
            goals += [spoken.labels(str(text)) for text in file["texts"]]
    goals *= args.copies
    frames = []
    for copy in range(args.copies):
        with np.load(args.work / f"features-{copy}.npz") as file:
            frames += np.split(file["frames"], np.cumsum(file["lengths"])[:-1])
    items = [(frame, goal) for frame, goal in zip(frames, goals, strict=True) if len(frame) / 3 > 1.3 * len(goal)]
    print(f"{len(items)} sentences, {sum(len(frame) for frame, _ in items) / 360_000:.1f} h of sound", flush=True)
    device = ("cuda" if torch.cuda.is_available() else "cpu") if args.device == "auto" else args.device
    warm = vosk_read.layers(args.warm / "am/final.mdl") if args.warm else []
    if warm and len(warm[1].bias) != spoken.width:
        raise SystemExit(f"--warm {args.warm}: that network is {len(warm[1].bias)} wide, {spoken.width} is trained; leave it out")
    floor = speech_features.quiet()
    outputs, rate = spoken.sounds.outputs, 1e-3 if warm else 2e-3
    kept = {"resume": args.resume, "device": device, "rate": rate, "warm": warm, "floor": floor, "minutes": args.minutes}
    vosk_net.train(items, outputs, args.steps, args.work, args.seed, args.batch, width=spoken.width, **kept)


def export(args: argparse.Namespace) -> None:
    """Write the folder; blank's prior and the prices of `[unk]` are what does best on the development sets.

    Without a checkpoint in `--work` the weights are those of the model in `--out`: its graphs alone are made anew.
    """
    import vosk

    vosk.SetLogLevel(-1)
    spoken: Spoken = args.spoken
    layers = weights(args)
    said = [*texts(args), *speech_sets.frames(args.language)]
    dev = [item for name in spoken.dev for item in speech_synth.load(args.work / f"{name}.npz")]
    other = [sound for _, sound in speech_synth.load(args.work / "dev_other.npz")]
    clean = dev[::3]
    hard = [(text, vosk_folder.noisy(sound, index)) for index, (text, sound) in enumerate(dev[1::3])]
    empty = noise_sounds(24, args.seed)
    kind = "cer" if spoken.characters else "wer"

    def score(costs: vosk_folder.Costs) -> float:
        vosk_folder.write(args.work / "candidate", spoken, layers, costs, said)
        model = vosk.Model(str(args.work / "candidate"))
        wrong, wrong_hard = (vosk_folder.errors(model, spoken, items)[kind] for items in (clean, hard))
        strange, imagined = (vosk_folder.taken(model, spoken, sounds) for sounds in (other, empty))
        print(
            f"{costs}: dev {wrong:.2%}, noisy {wrong_hard:.2%}, other {strange}, noise alone {imagined['heard']:.0%}", flush=True
        )
        return wrong + wrong_hard + 0.02 * strange["heard"] + 0.3 * strange["obeyed"] + 0.1 * imagined["heard"]

    best = min((vosk_folder.Costs(blank_prior=prior) for prior in PRIORS), key=score)
    best = min((replace(best, unknown_phone=price, unknown_share=share) for price, share in UNKNOWN[spoken.code]), key=score)
    print(f"taken: {best}")
    vosk_folder.write(args.out, spoken, layers, best, said)


def weights(args: argparse.Namespace) -> list[Affine]:
    """The layers of the last checkpoint, or of the model that is there."""
    if not (args.work / "vosk.pt").exists():
        return vosk_read.layers(args.out / "am/final.mdl")
    from scripts.training import vosk_net

    net, mean, deviation, _ = vosk_net.load(args.work, args.spoken.sounds.outputs)
    return vosk_net.fold(net, mean, deviation, speech_features.quiet())


def noise_sounds(count: int, seed: int) -> list[speech_synth.Samples]:
    """Two seconds of noise each, from hardly audible to loud: no word is in them."""
    rng = np.random.default_rng(seed)
    loud = np.geomspace(100, 3_000, count)
    return [np.clip(speech_features.noise(2 * speech_synth.RATE, rng) * rms, -32768, 32767).astype(np.int16) for rms in loud]


def strange_sounds(args: argparse.Namespace) -> list[speech_synth.Samples]:
    """Sixty sentences of English words outside the vocabulary."""
    path: Path = args.work / "strange.npz"
    if not path.exists():
        speech_synth.say_all(speech_synth.strange(60, set(args.spoken.vocabulary(texts(args)))), path, args.workers)
    return [sound for _, sound in speech_synth.load(path)]


def evaluate(args: argparse.Namespace) -> None:
    """Measure the written folder on the test sets and print the figures as JSON."""
    import vosk

    vosk.SetLogLevel(-1)
    spoken: Spoken = args.spoken
    model = vosk.Model(str(args.out))
    words = (args.out / "graph/words.txt").read_text(encoding="utf-8").splitlines()
    figures: dict[str, Any] = {"words": len(words) - 2}
    for name in spoken.tests:
        items = speech_synth.load(args.work / f"{name}.npz")
        noisy = [(text, vosk_folder.noisy(sound, i)) for i, (text, sound) in enumerate(items)]
        figures[name] = {
            "clean": vosk_folder.errors(model, spoken, items),
            "noise_10_db": vosk_folder.errors(model, spoken, noisy),
        }
        print(name, figures[name], flush=True)
    commands = speech_synth.load(args.work / f"{spoken.commands}.npz")
    grammar = [speech_sets.cut(spoken.code, text) for text in speech_tests.COMMANDS[spoken.code]]
    figures[spoken.commands] = {
        "open": vosk_folder.errors(model, spoken, commands),
        "grammar": vosk_folder.errors(model, spoken, commands, [*grammar, "[unk]"]),
    }
    for name in spoken.other:
        sounds = [sound for _, sound in speech_synth.load(args.work / f"{name}.npz")]
        figures[name] = vosk_folder.taken(model, spoken, sounds)
    figures["noise"] = vosk_folder.taken(model, spoken, noise_sounds(60, args.seed + 1))
    figures["strange_english_words"] = vosk_folder.taken(model, spoken, strange_sounds(args))
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
