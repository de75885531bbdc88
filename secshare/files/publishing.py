"""Writing beside, then renaming: an output exists completely, or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.errors import OutputRefused
from secshare.files.drafts import Draft, FolderDraft, sync_tree
from secshare.files.platform import sync_folder
from secshare.files.trouble import is_device_trouble, output_trouble, writing

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator


@contextmanager
def publish(
    path: Path, *, overwrite: bool = False, private: bool = True, durable: bool = True
) -> Iterator[io.FileIO]:
    """Give a file to write; at the end of the block it is synced and gets the name `path`.

    Until then `path` does not exist, or is what it was. When the block raises, Ctrl-C included,
    nothing is left; when the process is killed, nothing is left on Linux's own file systems, and
    elsewhere a hidden file that `sweep` removes. Without `overwrite` an existing file is never
    replaced, not even one that appears meanwhile. `private` gives mode 0600 where modes exist.
    Only a file of a folder that is synced as a whole afterwards need not be `durable` by itself.

    Yields:
        A binary file, readable, writable and seekable, unbuffered.

    Raises:
        OutputRefused: the name is taken or not accepted, no such folder, no permission, a
            read-only or full disk, a file in use.
    """
    path = Path(path)
    with writing(path):
        _check_free(path, overwrite=overwrite)
        draft = Draft(path.parent, private=private)
    try:
        with _device_trouble(path):
            yield draft.file
        with writing(path):
            try:
                draft.publish(path, overwrite=overwrite, durable=durable)
                if durable:
                    sync_folder(path.parent)
            except BaseException:
                if not overwrite:
                    draft.unpublish(path)
                raise
    finally:
        draft.close()


@contextmanager
def publish_folder(path: Path) -> Iterator[Path]:
    """Give an empty private folder to fill; at the end of the block it gets the name `path`.

    It is complete and synced when it gets its name. When the block raises, nothing is left; when
    the process is killed, a hidden folder beside it that `sweep` removes.

    Raises:
        OutputRefused: as `publish`; an existing folder is never replaced nor added to.
    """
    path = Path(path)
    with writing(path):
        _check_free(path, overwrite=False)
    draft = FolderDraft(path.parent)
    try:
        with writing(path):
            draft.make()
        with _device_trouble(path):
            yield draft.hidden
        with writing(path):
            _check_free(path, overwrite=False)
            try:
                draft.publish(path)
                sync_folder(path.parent)
            except BaseException:
                draft.unpublish(path)
                raise
    finally:
        draft.close()


class FolderInWork:
    """What `publish_folder` does, in steps: for whoever has many folders filled at the same time.

    It is hidden and locked from `make` on. What a killed process left, `sweep` removes.

    Args:
        path: the name that it will get.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._draft = FolderDraft(self._path.parent)

    @property
    def hidden(self) -> Path:
        """Where it is filled, once it is made."""
        return self._draft.hidden

    def make(self) -> None:
        """Make the folder, empty, for the owner only.

        Raises:
            OutputRefused: the name is taken, or the system refuses.
        """
        with writing(self._path):
            _check_free(self._path, overwrite=False)
            self._draft.make()

    def rename(self) -> None:
        """Give the folder, all of which was synced, its name; it lasts once its parent is synced.

        Raises:
            OutputRefused: the name is taken meanwhile, or the system refuses.
        """
        with writing(self._path):
            _check_free(self._path, overwrite=False)
            self._draft.rename(self._path)

    def close(self) -> None:
        """Free the lock; what did not get its name is removed."""
        self._draft.close()


def sync(folder: Path, *, all_of_it: bool = False) -> None:
    """Have the names in a folder reach the disk.

    Args:
        all_of_it: and everything in it, at any depth.

    Raises:
        OutputRefused: the system refuses.
    """
    with writing(folder):
        if all_of_it:
            sync_tree(folder)
        else:
            sync_folder(folder)


@contextmanager
def _device_trouble(path: Path) -> Iterator[None]:
    """Explain what only the disk under the output can have refused while the caller was writing.

    Any other OSError of the caller's block is about something else, and passes as it is.
    """
    try:
        yield
    except OSError as error:
        if is_device_trouble(error):
            raise output_trouble(error, path) from error
        raise


def _check_free(path: Path, *, overwrite: bool) -> None:
    """Refuse before the work what would be refused after it."""
    if not path.name or "\0" in str(path):
        raise OutputRefused("files.name_refused", path=path)
    if path.is_dir() and overwrite:
        raise OutputRefused("files.output_folder", path=path)
    if not overwrite and _there(path):
        raise OutputRefused("files.exists", path=path)


def _there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True
