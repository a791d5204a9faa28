"""The command line. Each command imports what it needs when it runs; errors are one line and an exit code (errors.py)."""

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import click

from assistant import __version__
from assistant.config import Config, load_config
from assistant.errors import AssistantError

_COMMANDS = {
    "run": ("assistant.cli.run", "Listen and answer, on a microphone or on recordings."),
    "serve": ("assistant.cli.run", "The same without a microphone: for other programs."),
    "chat": ("assistant.cli.talk", "Talk in the terminal."),
    "say": ("assistant.cli.talk", "Speak a text."),
    "transcribe": ("assistant.cli.talk", "Write down what recordings say."),
    "listen": ("assistant.cli.remote", "Let the running assistant listen now, without a wake word."),
    "stop": ("assistant.cli.remote", "Stop what the running assistant says or hears."),
    "mute": ("assistant.cli.remote", "Mute the microphone of the running assistant."),
    "status": ("assistant.cli.remote", "Say what the running assistant does."),
    "open": ("assistant.cli.open", "Print a link that opens the web page of the running assistant."),
    "token": ("assistant.cli.remote", "Make or revoke the key of the HTTP API."),
    "devices": ("assistant.cli.tools", "List microphones and loudspeakers."),
    "wake": ("assistant.cli.wake", "try a wake phrase before it is used"),
    "memory": ("assistant.cli.memory", "See, correct and forget what is remembered about you."),
    "alarms": ("assistant.cli.alarms", "See and cancel timers, alarms and reminders."),
    "tools": ("assistant.cli.tool_list", "See what functions the language model may ask for."),
    "documents": ("assistant.cli.documents", "Add documents and ask them."),
    "models": ("assistant.cli.models", "See, fetch, import, check and remove models."),
    "config": ("assistant.cli.tools", "Check, show or describe the configuration."),
    "bench": ("assistant.cli.measure", "Measure speed and memory."),
    "eval": ("assistant.cli.measure", "Measure quality."),
}


@dataclass(frozen=True)
class Source:
    """Where the configuration comes from."""

    path: Path | None
    sets: tuple[str, ...]
    profile: str | None = None

    def load(self, *extra: str) -> Config:
        """Parse it; `extra` are `key=value` lines of the command itself."""
        config = load_config(self.path, [*([f"profile={self.profile}"] if self.profile else []), *self.sets, *extra])
        logging.basicConfig(level=config.log.level.upper(), format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
        return config


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        name = {"eval": "eval_", "open": "open_"}.get(cmd_name, cmd_name)  # taken in Python
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), name)
        _accept_source(command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        import difflib

        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_COMMANDS)}"
            raise click.UsageError(f"no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


def _accept_source(command: click.Command) -> None:
    """Let `--config` and `--set` stand behind a command as well as before it."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _accept_source(inner)
    elif not any(param.name == "sets" for param in command.params):
        command.params += [
            click.Option(
                ["--config", "path"], type=click.Path(path_type=Path), expose_value=False, callback=_source_path, hidden=True
            ),
            click.Option(["--set", "sets"], multiple=True, expose_value=False, callback=_source_sets, hidden=True),
            click.Option(["--profile", "profile"], expose_value=False, callback=_source_profile, hidden=True),
        ]


def _source_path(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.obj = replace(ctx.obj, path=value)


def _source_sets(ctx: click.Context, _: click.Parameter, value: tuple[str, ...]) -> None:
    if value:
        ctx.obj = replace(ctx.obj, sets=(*ctx.obj.sets, *value))


def _source_profile(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.obj = replace(ctx.obj, profile=value)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="assistant")
@click.option(
    "--config", "path", type=click.Path(path_type=Path), help="Configuration file (default: ./config.yaml if it is there)."
)
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Set a key, for example --set wake.words=[hey_jarvis].")
@click.option("--profile", metavar="NAME", help="Keys for a place: home, kiosk, shopfloor, or a file NAME.yaml in config.d.")
@click.pass_context
def main(ctx: click.Context, path: Path | None, sets: tuple[str, ...], profile: str | None) -> None:
    """An offline voice assistant."""
    ctx.obj = Source(path, sets, profile)


def run(args: Sequence[str]) -> int:
    """Run a command line; return its exit code. Never a traceback for what a user did."""
    try:
        code = main.main(list(args), prog_name="assistant", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        click.echo(f"assistant: {error.format_message()}", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader left; there is nobody to tell
        return 141
    except AssistantError as error:
        click.echo(f"assistant: {error}", err=True)
        return error.exit_code
