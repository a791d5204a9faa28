"""Trains the starter dialogue model and writes it as GGUF: `python scripts/train_starter_llm.py`.

Everything is made from templates (scripts/training/llm_*.py); nothing is downloaded. Steps set the schedule and a seed sets the
data; with `--minutes` the number of steps is what fits into that time at the speed measured. Needs the `[train]` extra (torch,
tokenizers, gguf). `--resume` goes on from the last checkpoint with fresh conversations. A GPU gets larger steps and more of them.
The GGUF is written with every checkpoint, so that there is a usable model at any time.
"""

# torch is untyped in part:
# mypy: disable-error-code="no-untyped-call"
import argparse
import itertools
import os
import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
_MALLOC = {"MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "16000000000", "MALLOC_TOP_PAD_": "268435456"}
for _key, _value in _MALLOC.items():
    os.environ.setdefault(_key, _value)  # read by glibc in the processes started below: pages are kept between steps

from scripts.training import llm_data, llm_tokenizer, llm_words  # noqa: E402

PIECES = 3000
SIZES = {
    "cpu": {"steps": 1000, "batch_tokens": 2048, "batches": 4, "workers": 0, "save_every": 50},
    "cuda": {"steps": 8000, "batch_tokens": 32768, "batches": 3, "workers": 6, "save_every": 1000},
}
"""What a device gets where the command line does not say it."""
WARM = 0.5
"""Share of the learning rates where the training begins with a trained model: the full ones undo much of it first."""
SHORT = {"cpu": 0.14, "cuda": 0.02}
"""Share of the training that sees short conversations only, where it begins from nothing."""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "models/starter/starter-llm.gguf")
    parser.add_argument("--work", type=Path, default=ROOT / "build/starter-llm", help="folder of checkpoints")
    parser.add_argument("--steps", type=int, help="default: 1,000 on a CPU, 8,000 on a GPU")
    parser.add_argument("--minutes", type=float, help="as many steps as fit into that time")
    parser.add_argument("--batches", type=int, help="batches in a step, all ranks together")
    parser.add_argument("--batch-tokens", type=int, help="tokens of a batch")
    parser.add_argument("--ranks", type=int, default=1, help="training processes of one thread each (CPU)")
    parser.add_argument("--workers", type=int, help="processes that make conversations; 0: the training itself")
    parser.add_argument("--layers", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=int, help="steps from checkpoint to checkpoint")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--init", type=Path, metavar="GGUF", help="begin with its weights; its tokenizer where --work has none")
    parser.add_argument(
        "--tokenizer", type=Path, metavar="GGUF", help="take its tokenizer where --work has none, not its weights"
    )
    parser.add_argument("--export", action="store_true", help="only write the GGUF of the last checkpoint")
    parser.add_argument("--f16", action="store_true", help="write float16 instead of Q8_0")
    parser.add_argument("--write-eval", type=Path, metavar="JSONL", help="only write the evaluation items (tokenizer of --work)")
    parser.add_argument("--eval-items", type=int, default=40, help="items a skill and language")
    return parser.parse_args()


def sized(args: argparse.Namespace) -> argparse.Namespace:
    """The arguments with the device, and what it gets by default where nothing is said."""
    if args.device == "auto":
        import torch

        args.device = "cuda" if torch.cuda.is_available() else "cpu"
    for name, size in SIZES[args.device].items():
        if getattr(args, name) is None:
            setattr(args, name, size)
    return args


def make_tokenizer(work: Path, seed: int, init: Path | None = None) -> llm_tokenizer.LlmTokenizer:
    """The tokenizer in `work`; at the first call that of `init`, or one that is trained."""
    path = work / "tokenizer.json"
    if path.exists():
        return llm_tokenizer.LlmTokenizer.load(path)
    work.mkdir(parents=True, exist_ok=True)
    if init is not None:
        from scripts.training import llm_gguf

        taken = llm_gguf.tokenizer(init)
        taken.save(path)
        return taken
    texts = ["system", "user", "assistant"] * 500
    for item in itertools.islice(llm_data.stream(seed + 1_000, {}), 12_000):
        texts += [llm_data.message(turn, item.language)["content"] for turn in item.turns]
    for names in (llm_words.EN_NAMES, llm_words.CITIES):
        texts += [form for name in names for form in (f" {name}", f" {name.capitalize()}") for _ in range(20)]
    texts += sorted({char for text in [*texts, llm_words.CHARACTERS] for char in text if "\u3000" <= char <= "\u9fff"}) * 60
    tokenizer = llm_tokenizer.train(texts, PIECES)
    tokenizer.save(path)
    return tokenizer


def rate(done: float, step: int) -> float:
    """Share of the full learning rate when so much of the training is done: 40 steps up, flat to 40 %, then down to nothing."""
    return min(1.0, (step + 1) / 40, max(0.005, (1 - done) / 0.6))


class Clock:
    """How much of the training is done: by steps, or with `minutes` by the time that the steps took."""

    def __init__(self, steps: int, minutes: float | None, first: int) -> None:
        self.steps, self._first, self._begun = steps, first, time.monotonic()
        self._seconds = 60 * minutes if minutes else None

    def done(self, step: int) -> float:
        """The share done before this step; 1 or more: no further step."""
        if self._seconds is not None and step - self._first >= 20 and step % 20 == 0:
            spent = time.monotonic() - self._begun
            self.steps = max(step, self._first + int((step - self._first) * self._seconds / spent))
        return step / self.steps

    def spent(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begun


def run(rank: int, args: argparse.Namespace) -> None:
    """One process of the training."""
    import torch
    import torch.distributed as group
    import torch.nn.functional as F

    from scripts.training import llm_feed, llm_model

    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("high")
    device = torch.device(args.device)
    # with these instructions a quarter less time and the same loss; without them fifty times the time
    quick = device.type == "cuda" or "amx_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    tokenizer = make_tokenizer(args.work, args.seed)
    shape = llm_model.Shape(len(tokenizer.tokens), layers=args.layers)
    model = llm_model.build(shape, tokenizer.forms(), args.seed).to(device)
    if args.init:
        from scripts.training import llm_gguf

        kept = llm_model.adopt(model, llm_gguf.read(args.init), tokenizer.tokens)
        if rank == 0:
            print(f"{kept} of {len(tokenizer.tokens)} pieces begin as in {args.init}")
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and name.startswith("blk")]
    others = [p for name, p in model.named_parameters() if not (p.ndim == 2 and name.startswith("blk"))]
    muon = llm_model.Muon(matrices, decay=0.05)
    adam = torch.optim.AdamW(others, lr=3e-3, betas=(0.9, 0.97), weight_decay=0.0)
    first, tokens, seconds = 0, 0, 0.0
    checkpoint = args.work / "checkpoint.pt"
    if args.resume and checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        for buffer, saved in zip(muon.buffers, state["muon"], strict=True):
            buffer.copy_(saved)
        first, tokens, seconds = state["step"], state["tokens"], state["seconds"]
    if args.ranks > 1:
        meeting = f"file://{args.work.resolve()}/ranks-{os.environ['STARTER_RUN']}"
        group.init_process_group("gloo", init_method=meeting, rank=rank, world_size=args.ranks)
    parameters = list(model.parameters())
    if rank == 0:
        size = sum(p.numel() for p in parameters) / 1e6
        print(f"{size:.2f} M parameters, {len(tokenizer.tokens)} tokens, {device}", flush=True)
    data_seed = args.seed * 1000 + rank + 10 * first
    short_share = SHORT[device.type] if args.init is None else 0.0

    def feed(short: bool) -> llm_feed.Feed:
        seed = data_seed + (500 if short else 0)
        return llm_feed.Feed(seed, args.work / "tokenizer.json", args.batch_tokens, short, args.workers)

    short = first < short_share * args.steps
    source = feed(short)

    def save() -> None:
        fresh = checkpoint.with_suffix(".new")
        weights = {"model": model.state_dict(), "adam": adam.state_dict(), "muon": muon.buffers}
        figures = {"step": step, "tokens": tokens, "seconds": seconds + clock.spent(), "loss": running}
        torch.save({**weights, **figures, "shape": model.shape.as_dict()}, fresh)
        fresh.replace(checkpoint)

    clock, running, step = Clock(args.steps, args.minutes, first), 0.0, first
    sums = torch.zeros(2, device=device)  # of losses and learnt tokens since the last line: the device is not waited for before
    while (done := clock.done(step)) < 1:
        if short and done >= short_share:
            source.close()
            short, source = False, feed(False)
        for parameter in parameters:
            parameter.grad = None
        total, learnt, seen = torch.zeros((), device=device), 0, 0
        for _ in range(max(1, args.batches // args.ranks)):
            batch = source.next()
            packed, places = torch.from_numpy(batch.ids), torch.from_numpy(batch.where)
            if device.type == "cuda":
                packed, places = packed.pin_memory(), places.pin_memory()
            ids, where = packed.to(device, non_blocking=True).long(), places.to(device, non_blocking=True).long()
            goal = ids[:, 1:].flatten().index_select(0, where)
            with torch.autocast(device.type, torch.bfloat16, enabled=quick):
                scores = model(ids[:, :-1], where)
            loss = F.cross_entropy(scores.float(), goal, reduction="sum")
            loss.backward()
            total, learnt, seen = total + loss.detach(), learnt + len(goal), seen + ids[:, 1:].numel()
        grads = [p.grad for p in parameters if p.grad is not None]
        if args.ranks > 1:
            counts = torch.tensor([learnt, seen], dtype=torch.float32)
            flat = torch.cat([*[grad.flatten() for grad in grads], total[None], counts])
            group.all_reduce(flat)
            for grad, part in zip(grads, flat[:-3].split([grad.numel() for grad in grads]), strict=True):
                grad.copy_(part.view_as(grad))
            total, learnt, seen = flat[-3], int(flat[-2]), int(flat[-1])
        torch._foreach_div_(grads, float(learnt))
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        share = rate(done, step) * (1.0 if args.init is None else WARM)
        for settings in adam.param_groups:
            settings["lr"] = 3e-3 * share
        adam.step()
        muon.step(4e-3 * share)
        sums += torch.stack([total, torch.full_like(total, learnt)])
        tokens += seen
        step += 1
        last = step >= clock.steps
        if rank == 0 and (step % 25 == 0 or last):
            mean = float(sums[0] / sums[1])
            sums.zero_()
            running = mean if running == 0 else 0.6 * running + 0.4 * mean
            speed = (step - first) / clock.spent()
            print(
                f"\rstep {step}/{clock.steps}  loss {running:.4f}  {tokens / 1e6:.2f} M tokens"
                f"  {seen * speed:.0f} tokens/s  {(clock.steps - step) / speed / 60:.1f} min left ",
                end="\n" if step % (25 if device.type == "cpu" else 200) == 0 or last else "",
                flush=True,
            )
        if rank == 0 and step % args.save_every == 0 and not last:
            save()
            export(args, args.work / "last.gguf")
    if rank == 0:
        save()
    source.close()


def export(args: argparse.Namespace, path: Path) -> Mapping[str, Any]:
    """Write the GGUF of the last checkpoint; returns the checkpoint's figures."""
    import torch

    from scripts.training import llm_gguf

    state = torch.load(args.work / "checkpoint.pt", map_location="cpu", weights_only=True)
    tensors = {name: tensor.numpy() for name, tensor in state["model"].items()}
    about = f"English and Chinese, trained from templates only; seed {args.seed}, {state['step']} steps, {state['tokens']} tokens"
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    llm_gguf.write(fresh, tensors, state["shape"], make_tokenizer(args.work, args.seed), about, half=args.f16)
    fresh.replace(path)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, step {state['step']}, loss {state['loss']:.4f}", end=", ")
    print(f"{state['tokens'] / 1e6:.2f} M tokens, {state['seconds'] / 60:.1f} min", flush=True)
    return state  # type: ignore[no-any-return]


def main() -> None:
    """Train, then write the model."""
    args = sized(arguments())
    random.seed(args.seed)
    tokenizer = make_tokenizer(args.work, args.seed, args.init or args.tokenizer)
    if args.write_eval:
        from scripts.training import llm_eval

        llm_eval.write(args.write_eval, tokenizer.word_pieces(), args.eval_items)
        return
    if not args.export:
        import multiprocessing

        os.environ["STARTER_RUN"] = str(os.getpid())
        start = multiprocessing.get_context("spawn")
        processes = [start.Process(target=run, args=(rank, args)) for rank in range(args.ranks)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        if any(process.exitcode for process in processes):
            sys.exit(1)
    export(args, args.out)


if __name__ == "__main__":
    main()
