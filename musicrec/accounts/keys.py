"""What is kept of accounts is encrypted: the keys, and how one follows another.

The first key seals; every key opens. A new key is therefore put in front of the old one, and the
old one goes when nothing is sealed by it any more.
"""

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from musicrec.domain.errors import BadInputError, SealedError, StorageError

KEY_FILE: Final = "token.key"
"""In the data folder, where the operator need not set a key."""


def new_key() -> str:
    """Make a key: 32 random bytes in URL-safe base64."""
    return Fernet.generate_key().decode("ascii")


class TokenKeys:
    """Seals and opens.

    Args:
        keys: As ``new_key`` makes them; the first one seals.

    Raises:
        BadInputError: There is none, or one is no such key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            msg = "TOKEN_KEYS has no key: `python -m bot new-key` makes one."
            raise BadInputError(msg)
        try:
            self._keys = [Fernet(key) for key in keys]
        except ValueError as error:
            msg = "TOKEN_KEYS has a text that is no key: `python -m bot new-key` makes one."
            raise BadInputError(msg) from error
        self._all = MultiFernet(self._keys)
        self.texts = tuple(keys)

    def __repr__(self) -> str:
        return f"TokenKeys({len(self._keys)} keys)"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read keys with commas between them.

        Raises:
            BadInputError: There is none, or one is no key.
        """
        return cls([key for part in text.split(",") if (key := part.strip())])

    def seal(self, text: str) -> bytes:
        """Encrypt."""
        return self._all.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt.

        Raises:
            SealedError: No key opens it.
        """
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SealedError from error

    def reseal(self, sealed: bytes) -> bytes:
        """Encrypt anew by the first key.

        Raises:
            SealedError: No key opens it.
        """
        try:
            return self._all.rotate(sealed)
        except InvalidToken as error:
            raise SealedError from error


def key_in(folder: Path) -> str:
    """Return the key in a folder; make it where there is none, readable for its owner alone.

    Raises:
        StorageError: It can be neither read nor made.
    """
    file = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _place(file, new_key())
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"The key of accounts in {file} cannot be used: {error}. Set DATA_DIR or TOKEN_KEYS."
        raise StorageError(msg) from error


def _place(file: Path, key: str) -> None:
    """Write all of it or nothing; whoever comes second leaves the first one's key."""
    # Such files are readable for their owner alone from the start.
    with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="ascii") as draft:
        draft.write(key)
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, file)
