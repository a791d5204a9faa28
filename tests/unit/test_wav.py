"""WAV of every kind in, the inner format out."""

import logging
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from assistant.audio import wav
from assistant.audio.format import RATE
from assistant.audio.wav import WavWriter, read_wav
from assistant.errors import AudioFileError

HZ = 440


def tone(rate: int, seconds: float = 1.0) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return 0.5 * np.sin(2 * np.pi * HZ * np.arange(round(rate * seconds)) / rate)


def riff(data: bytes, *, tag: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, size: int | None = None) -> bytes:
    """A WAV of those bytes, with an odd chunk before its data; `size` lies about the data's length."""
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    if tag == 0xFFFE:
        guid = struct.pack("<H", 3 if bits in (32, 64) else 1) + bytes.fromhex("000000001000800000aa00389b71")
        form += struct.pack("<HHI", 22, bits, 0) + guid
    body = b"fmt " + struct.pack("<I", len(form)) + form + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def encode(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]", bits: int, is_float: bool) -> bytes:
    if is_float:
        return bytes(samples.astype(f"<f{bits // 8}").tobytes())
    if bits == 8:
        return bytes((samples * 127 + 128).astype(np.uint8).tobytes())
    if bits == 24:
        return bytes((samples * (2**31 - 1)).astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes())
    return bytes((samples * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes())


def pitch(pcm: bytes, rate: int = RATE) -> float:
    samples = np.frombuffer(pcm, "<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * rate / len(samples)


def save(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(
    ("tag", "bits"), [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64), (0xFFFE, 16), (0xFFFE, 24), (0xFFFE, 32)]
)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_every_kind(tmp_path: Path, rate: int, tag: int, bits: int, channels: int) -> None:
    one = tone(rate)
    many = np.repeat(one, channels)
    is_float = tag == 3 or (tag == 0xFFFE and bits == 32)
    pcm = read_wav(save(tmp_path, riff(encode(many, bits, is_float), tag=tag, channels=channels, rate=rate, bits=bits)))
    assert abs(len(pcm) // 2 - RATE) <= 1
    assert abs(pitch(pcm) - HZ) <= 1
    middle = np.frombuffer(pcm, "<i2")[2000:-2000] / 32768
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.02)


def test_the_inner_format_passes_unchanged(tmp_path: Path) -> None:
    samples = np.random.default_rng(1).integers(-32768, 32768, 200_000).astype("<i2")
    assert read_wav(save(tmp_path, riff(samples.tobytes()))) == samples.tobytes()


def test_channels_are_averaged(tmp_path: Path) -> None:
    data = np.array([[1000, 3000], [-500, 500]], "<i2").tobytes()
    assert read_wav(save(tmp_path, riff(data, channels=2))) == np.array([2000, 0], "<i2").tobytes()


def test_float_out_of_range_is_clipped(tmp_path: Path) -> None:
    data = np.array([2.0, -2.0, np.nan, np.inf], "<f4").tobytes()
    assert list(np.frombuffer(read_wav(save(tmp_path, riff(data, tag=3, bits=32))), "<i2")) == [32767, -32768, 0, 32767]


def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = bytes(range(200)) * 100
    with caplog.at_level(logging.WARNING):
        assert read_wav(save(tmp_path, riff(data)[: -len(data) // 2 - 1])) == data[: len(data) // 2 - 1 & ~1]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "cut short" in caplog.text


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFF000, 0])
def test_a_length_that_was_never_filled_in(tmp_path: Path, caplog: pytest.LogCaptureFixture, size: int) -> None:
    content = bytearray(riff(b"\1\2" * 500, size=size))
    content[4:8] = struct.pack("<I", 36)
    assert read_wav(save(tmp_path, bytes(content))) == b"\1\2" * 500
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (riff(b""), "holds no sound"),
        (riff(b"\1"), "holds no sound"),
        (riff(b"")[:-8], "holds no sound"),
        (riff(b"")[:20], "damaged"),
        (b"ID3\x04" + bytes(100), "MP3"),
        (b"OggS" + bytes(100), "Ogg"),
        (b"fLaC" + bytes(100), "FLAC"),
        (b"hello, this is no sound\n", "text"),
        (b"\0\0\0\x18ftypM4A ", "M4A"),
        (bytes(100), "something else"),
        (riff(bytes(100), tag=7, bits=8), "mu-law"),
        (riff(bytes(100), channels=0), "0 channels"),
        (riff(bytes(100), rate=0), "0 Hz"),
        (riff(bytes(100), bits=12), "12 bits"),
    ],
)
def test_what_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = save(tmp_path, content)
    with pytest.raises(AudioFileError, match=reason) as caught:
        read_wav(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="cannot be read"):
        read_wav(tmp_path / "none.wav")
    with pytest.raises(AudioFileError, match="cannot be read"):
        read_wav(tmp_path)


def test_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, riff(b""))
    hours = 2.5
    length = int(hours * 3600 * RATE) * 2
    path.write_bytes(riff(b"", size=length))
    with path.open("ab") as file:
        file.truncate(path.stat().st_size + length)  # a hole: takes no disk
    with pytest.raises(AudioFileError, match=r"2\.5 h"):
        read_wav(path)
    monkeypatch.setattr(wav, "MAX_HOURS", 0.0001)
    with pytest.raises(AudioFileError, match="are read"):
        read_wav(save(tmp_path, riff(bytes(2 * RATE))))


def test_the_header_is_right_after_every_write(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    with WavWriter(path, 22_050) as writer:
        for length in (0, 100, 250):
            writer.write(b"\1\0" * (length - (0 if length < 200 else 100)))
            with wave.open(str(path)) as file:
                assert (file.getnframes(), file.getframerate(), file.getnchannels(), file.getsampwidth()) == (
                    length,
                    22_050,
                    1,
                    2,
                )
    with wave.open(str(path)) as file:
        assert file.readframes(1000) == b"\1\0" * 250


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="cannot be written"):
        WavWriter(tmp_path / "no" / "out.wav")
