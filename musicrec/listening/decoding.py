"""From a file to samples: a part of the middle, in one form, within limits.

Decoded by PyAV, which brings FFmpeg along. Files come from strangers, so only containers of plain
sound are opened, none of which leads to another file or address as a playlist would.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.packet import Packet
from numpy.typing import NDArray

from musicrec.domain.errors import BadInputError
from musicrec.listening.heard import Tags
from musicrec.listening.tags import tags_of

RATE: Final = 44_100
"""Samples a second of everything that is decoded."""

MOST_MINUTES: Final = 30
"""Of a song; what decodes to hours is a mix, a recording of something, or a trap."""

_CONTAINERS: Final = "aac,aiff,flac,matroska,mov,mp3,ogg,wav"
_RATES: Final = range(4_000, 192_001)
_MOST_CHANNELS: Final = 8
_LEAD_IN: Final = 8
"""Packets before the excerpt: some decoders need to hear a little before they are right."""


@dataclass(frozen=True)
class Excerpt:
    """The middle of a song.

    Attributes:
        samples: float32 of shape (1 or 2, n), full scale at 1; more channels are mixed down to two.
        duration_s: Of the whole song.
        tags: Of the file.
    """

    samples: NDArray[np.float32]
    duration_s: float
    tags: Tags


def decode(data: bytes, *, excerpt_s: float) -> Excerpt:
    """Decode the middle of a file.

    Args:
        data: The whole file.
        excerpt_s: Seconds to decode; less where the song is shorter.

    Raises:
        BadInputError: It is damaged, of an unknown kind, or beyond the limits above.
    """
    try:
        # FFmpeg opens no other protocol and container than these, whatever a file asks for.
        options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "none"}
        with av.open(
            io.BytesIO(data), "r", options=options, metadata_errors="replace"
        ) as container:
            return _decoded(container, excerpt_s)
    except (FFmpegError, ValueError, OSError) as error:
        msg = "The file cannot be read as music: it is damaged, or of a kind that I do not know."
        raise BadInputError(msg) from error


def _decoded(container: InputContainer, excerpt_s: float) -> Excerpt:
    if not container.streams.audio:
        msg = "There is no sound in that file."
        raise BadInputError(msg)
    stream = container.streams.audio[0]
    _require_usual(stream)
    packets = [packet for packet in container.demux(stream) if packet.size]
    begins = _times(packets)
    duration_s = _end_of(packets, begins)
    start_s = max(0.0, (duration_s - excerpt_s) / 2)
    first = int(np.searchsorted(begins, start_s))
    last = int(np.searchsorted(begins, start_s + excerpt_s))
    samples = _samples(stream, packets[max(0, first - _LEAD_IN) : last])
    wanted = round(min(excerpt_s, duration_s) * RATE)
    kept = samples[:, max(0, samples.shape[1] - wanted) :]
    return Excerpt(kept, duration_s, tags_of(_written(container, stream)))


def _require_usual(stream: AudioStream) -> None:
    if stream.rate not in _RATES or not 1 <= stream.channels <= _MOST_CHANNELS:
        msg = (
            f"The file has {stream.channels} channels of {stream.rate} samples a second: give one"
            f" of at most {_MOST_CHANNELS} channels and {_RATES[-1]:,} samples."
        )
        raise BadInputError(msg)


def _times(packets: Sequence[Packet]) -> NDArray[np.float64]:
    """Return when each packet begins, in seconds from the first one."""
    times = [0.0 if each.pts is None else float(each.pts * each.time_base) for each in packets]
    begins = np.array(times, dtype=np.float64)
    return np.maximum.accumulate(begins - begins[0]) if len(begins) else begins


def _end_of(packets: Sequence[Packet], begins: NDArray[np.float64]) -> float:
    """Return the length of a song in seconds, counted and not as the file claims.

    Raises:
        BadInputError: There is none, or it is too long.
    """
    if not packets:
        msg = "There is no sound in that file."
        raise BadInputError(msg)
    last = packets[-1]
    duration_s = float(begins[-1]) + max(0.0, float((last.duration or 0) * last.time_base))
    if not duration_s <= 60 * MOST_MINUTES:
        msg = f"The file plays for more than {MOST_MINUTES} minutes: give a single song."
        raise BadInputError(msg)
    return duration_s


def _samples(stream: AudioStream, packets: Sequence[Packet]) -> NDArray[np.float32]:
    layout = "mono" if stream.channels == 1 else "stereo"
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
    parts = [
        part.to_ndarray()
        for frame in _frames(stream, packets)
        for part in resampler.resample(frame)
    ]
    parts += [part.to_ndarray() for part in resampler.resample(None)]
    if not parts:
        msg = "The file cannot be read as music: there is nothing in it that can be decoded."
        raise BadInputError(msg)
    samples = np.concatenate(parts, axis=1, dtype=np.float32)
    return np.nan_to_num(np.clip(samples, -8.0, 8.0))


def _frames(stream: AudioStream, packets: Sequence[Packet]) -> "Iterator[av.AudioFrame]":
    """Decode packets; a damaged one is skipped, as players do."""
    for packet in packets:
        try:
            yield from stream.codec_context.decode(packet)
        except InvalidDataError:
            continue
    yield from stream.codec_context.decode(None)


def _written(container: InputContainer, stream: AudioStream) -> Mapping[str, str]:
    """Return all tags: OGG has them in the stream, most others in the container."""
    return {**stream.metadata, **container.metadata}
