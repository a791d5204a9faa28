"""Trains the starter dialogue model and writes it as GGUF: `python scripts/train_starter_llm.py`.

Everything is made from templates (scripts/training/llm_*.py); nothing is downloaded. Steps, not the clock, set the schedule,
and a seed sets the data. Needs the `[train]` extra (torch, tokenizers, gguf). `--resume` goes on from the last checkpoint with
fresh conversations. A usable model can be written at any time with `--export`.
"""

# torch is untyped in part:
# mypy: disable-error-code="no-untyped-call"
import argparse
import itertools
import os
import random
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
_MALLOC = {"MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "16000000000", "MALLOC_TOP_PAD_": "268435456"}
for _key, _value in _MALLOC.items():
    os.environ.setdefault(_key, _value)  # read by glibc in the processes started below: pages are kept between steps

from scripts.training import llm_data, llm_tokenizer, llm_words  # noqa: E402

LENGTHS = (40, 56, 72, 96, 128, 160, 208, 272, 352, 448, 560)
"""Conversations are padded to one of these: few shapes bound the memory; longer ones are left out."""
BATCH_TOKENS = 2048
PIECES = 3000
SHORT_LENGTH = 112
WARM = 0.5
"""Share of the learning rates where the training begins with a trained model: the full ones undo much of it first."""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "models/starter/starter-llm.gguf")
    parser.add_argument("--work", type=Path, default=ROOT / "build/starter-llm", help="folder of checkpoints")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batches", type=int, default=4, help=f"batches of {BATCH_TOKENS} tokens in a step, all ranks together")
    parser.add_argument("--ranks", type=int, default=1, help="processes of one thread each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=50)
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--init", type=Path, metavar="GGUF", help="begin with its weights; its tokenizer where --work has none")
    parser.add_argument("--export", action="store_true", help="only write the GGUF of the last checkpoint")
    parser.add_argument("--f16", action="store_true", help="write float16 instead of Q8_0")
    parser.add_argument("--write-eval", type=Path, metavar="JSONL", help="only write the evaluation items (tokenizer of --work)")
    parser.add_argument("--eval-items", type=int, default=40, help="items a skill and language")
    return parser.parse_args()


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


Batch = tuple[list[list[int]], list[list[bool]]]


def batches(seed: int, tokenizer: llm_tokenizer.LlmTokenizer, short: bool) -> Iterator[Batch]:
    """Batches of one length each, padded with the end-of-text token, without end."""
    pieces = tokenizer.word_pieces()
    waiting: dict[int, list[tuple[list[int], list[bool]]]] = {length: [] for length in LENGTHS}
    for item in llm_data.stream(seed, pieces, short):
        ids, learnt = llm_data.encode(item, tokenizer)
        length = next((length for length in LENGTHS if len(ids) <= length + 1), 0)
        if not length or (short and length > SHORT_LENGTH):
            continue
        pad = length + 1 - len(ids)
        waiting[length].append((ids + [tokenizer.end_of_text] * pad, learnt + [False] * pad))
        if len(waiting[length]) == BATCH_TOKENS // length:
            rows, waiting[length] = waiting[length], []
            yield [row for row, _ in rows], [mask for _, mask in rows]


def rate(step: int, steps: int) -> float:
    """Share of the full learning rate: 40 steps up, flat to 40 %, then down to nothing."""
    return min(1.0, (step + 1) / 40, max(0.02, (steps - step) / (0.6 * steps)))


def run(rank: int, args: argparse.Namespace) -> None:
    """One process of the training."""
    import torch
    import torch.distributed as group
    import torch.nn.functional as F

    from scripts.training import llm_model

    torch.set_num_threads(1)
    device = torch.device(args.device if args.device != "auto" else ("cuda" if torch.cuda.is_available() else "cpu"))
    # with these instructions a quarter less time and the same loss; without them fifty times the time
    quick = device.type == "cuda" or "amx_bf16" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    tokenizer = make_tokenizer(args.work, args.seed)
    model = llm_model.build(llm_model.Shape(len(tokenizer.tokens)), tokenizer.forms(), args.seed).to(device)
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
        print(
            f"{sum(p.numel() for p in parameters) / 1e6:.2f} M parameters, {len(tokenizer.tokens)} tokens, {device}", flush=True
        )
    data_seed = args.seed * 1000 + rank + 10 * first
    sources = {short: batches(data_seed + (500 if short else 0), tokenizer, short) for short in (True, False)}
    begun, running = time.monotonic(), 0.0
    for step in range(first, args.steps):
        short = args.init is None and step < 0.14 * args.steps
        total, learnt_count, seen = 0.0, 0, 0
        for parameter in parameters:
            parameter.grad = None
        for _ in range(max(1, args.batches // args.ranks)):
            rows, masks = next(sources[short])
            ids, mask = torch.tensor(rows, device=device), torch.tensor(masks, device=device)
            where = mask[:, 1:].flatten().nonzero().squeeze(1)
            goal = ids[:, 1:].flatten().index_select(0, where)
            with torch.autocast(device.type, torch.bfloat16, enabled=quick):
                scores = model(ids[:, :-1], where)
            loss = F.cross_entropy(scores.float(), goal, reduction="sum")
            loss.backward()
            total, learnt_count, seen = total + loss.item(), learnt_count + len(goal), seen + ids[:, 1:].numel()
        grads = [p.grad for p in parameters if p.grad is not None]
        counts = torch.tensor([total, learnt_count, seen], dtype=torch.float32)
        if args.ranks > 1:
            flat = torch.cat([*[grad.flatten() for grad in grads], counts])
            group.all_reduce(flat)
            for grad, part in zip(grads, flat[:-3].split([grad.numel() for grad in grads]), strict=True):
                grad.copy_(part.view_as(grad))
            counts = flat[-3:]
        for grad in grads:
            grad.div_(counts[1].item())
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        share = rate(step, args.steps) * (1.0 if args.init is None else WARM)
        for settings in adam.param_groups:
            settings["lr"] = 3e-3 * share
        adam.step()
        muon.step(4e-3 * share)
        tokens += int(counts[2])
        mean = counts[0].item() / counts[1].item()
        running = mean if running == 0 else 0.95 * running + 0.05 * mean
        if rank == 0:
            spent = time.monotonic() - begun
            speed = (step + 1 - first) / spent
            print(
                f"\rstep {step + 1}/{args.steps}  loss {running:.3f}  {tokens / 1e6:.2f} M tokens"
                f"  {int(counts[2]) * speed:.0f} tokens/s  {(args.steps - step - 1) / speed / 60:.0f} min left ",
                end="\n" if (step + 1) % 25 == 0 else "",
                flush=True,
            )
            if (step + 1) % args.save_every == 0 or step + 1 == args.steps:
                fresh = checkpoint.with_suffix(".new")
                weights = {"model": model.state_dict(), "adam": adam.state_dict(), "muon": muon.buffers}
                figures = {"step": step + 1, "tokens": tokens, "seconds": seconds + spent, "loss": running}
                torch.save({**weights, **figures, "shape": model.shape.as_dict()}, fresh)
                fresh.replace(checkpoint)


def export(args: argparse.Namespace, path: Path) -> Mapping[str, Any]:
    """Write the GGUF of the last checkpoint; returns the checkpoint's figures."""
    import torch

    from scripts.training import llm_gguf

    state = torch.load(args.work / "checkpoint.pt", map_location="cpu", weights_only=True)
    tensors = {name: tensor.numpy() for name, tensor in state["model"].items()}
    about = f"English and Chinese, trained from templates only; seed {args.seed}, {state['step']} steps, {state['tokens']} tokens"
    path.parent.mkdir(parents=True, exist_ok=True)
    llm_gguf.write(path, tensors, state["shape"], make_tokenizer(args.work, args.seed), about, half=args.f16)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, step {state['step']}, loss {state['loss']:.3f}", end=", ")
    print(f"{state['tokens'] / 1e6:.2f} M tokens, {state['seconds'] / 60:.0f} min")
    return state  # type: ignore[no-any-return]


def main() -> None:
    """Train, then write the model."""
    args = arguments()
    random.seed(args.seed)
    tokenizer = make_tokenizer(args.work, args.seed, args.init)
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
