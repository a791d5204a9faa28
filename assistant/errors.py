"""Named errors: what happened, where, and what to do next, in one line.

AssistantError                 exit 1
├── UsageError                 exit 2   a wrong argument
├── ConfigError                exit 2   a key path, a line, a value
├── AudioError                 exit 3
│   ├── DeviceNotFound                  a device name that does not exist
│   └── AudioFileError                  a file that is no readable WAV
├── ModelError                 exit 4
│   ├── ModelNotFound
│   ├── ModelDamaged                    truncated, or not what its name says
│   ├── ModelUnsupported                whole, but not a kind that works here
│   └── ModelTooBig                     does not fit memory: needed and available, in bytes
├── EngineUnavailable          exit 5   a package or library is missing: names the command that installs it
├── EngineError                exit 5   an engine failed while it worked
└── Busy                       exit 6   the brain holds all the turns it may

`code` is what programs read (events, HTTP); `str(error)` is what people read.
"""


class AssistantError(Exception):
    """Base of every error a user may see. `str(error)` is one line."""

    code = "error"
    exit_code = 1


class UsageError(AssistantError):
    """A wrong command-line argument or a wrong combination of them."""

    code = "usage"
    exit_code = 2


class ConfigError(AssistantError):
    """A key or value of the configuration is wrong; the message begins with its source (file:line) and key path."""

    code = "config"
    exit_code = 2


class AudioError(AssistantError):
    """A sound device or file cannot be used."""

    code = "audio"
    exit_code = 3


class DeviceNotFound(AudioError):
    """No sound device has that name; the message suggests the nearest."""

    code = "device-not-found"


class AudioFileError(AudioError):
    """A file is not a WAV that can be read; the message names the file and the reason."""

    code = "audio-file"


class ModelError(AssistantError):
    """A model cannot be used."""

    code = "model"
    exit_code = 4


class ModelNotFound(ModelError):
    """There is no model at that path or of that name."""

    code = "model-not-found"


class ModelDamaged(ModelError):
    """A model file is truncated or is not what its name says."""

    code = "model-damaged"


class ModelUnsupported(ModelError):
    """A whole model of a kind that does not work here; the message names what does."""

    code = "model-unsupported"


class ModelTooBig(ModelError):
    """A model does not fit memory; the message holds both numbers."""

    code = "model-too-big"


class EngineUnavailable(AssistantError):
    """An engine's package or library is missing; the message names the command that installs it."""

    code = "engine-unavailable"
    exit_code = 5


class EngineError(AssistantError):
    """An engine failed while it worked: ends the job with a spoken apology, never the daemon."""

    code = "engine"
    exit_code = 5


class Busy(AssistantError):
    """The brain already holds `brain.max_turns` live turns; try again when one has ended."""

    code = "busy"
    exit_code = 6
