"""The command ``phasor``: files and folders through the service."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .client import Client, report_of
from .files import whole_file
from .problems import ConnectionLost, PhasorError, Problem, TimedOut, Unavailable, Unreachable

# What each takes, what it makes of it, and parameters that it is often given.
_OPERATIONS = {
    "stft": ("IN -o OUT", "audio to its spectrogram", "--n-fft 1024 --hop-length 256 --output magnitude"),
    "istft": ("IN -o OUT", "a complex spectrogram to audio", "--hop-length 256 --sample-rate 16000"),
    "phase": ("IN -o OUT", "audio or a complex spectrogram to its phase", "--n-fft 1024 --hop-length 256"),
    "reconstruct": (
        "IN -o OUT",
        "audio, a complex spectrogram or a magnitude to audio",
        "--hop-length 256 --sample-rate 16000 --algorithm auto --n-iter 100",
    ),
    "stretch": ("IN -o OUT", "audio at another speed or pitch", "--rate 1.25 --semitones -2"),
    "mel": ("IN -o OUT", "audio to its mel spectrogram", "--mel hifigan --resample-to 22050"),
    "diagnose": ("IN", "hazards to the phase's gradient, as JSON", "--n-fft 1024 --limit 10"),
    "evaluate": ("AUDIO REFERENCE", "how near the two are, as JSON", "--n-fft 1024 --hop-length 256"),
}

USAGE = "\n" + "".join(
    f"  phasor {name:11} {takes:19}  {what}\n" for name, (takes, what, _) in _OPERATIONS.items()
)

DETAILS = """
IN is a file (WAV, FLAC, NPY, NPZ, JSON), or a folder, whose files OUT, a folder too, receives under their own names.
OUT ends as the answer is to be: .wav, .flac, .npy, .npz, .json; for a folder --response-format says it.
Every other --NAME VALUE is a parameter of the service: --n-fft 1024 --hop-length 256 --sample-rate 16000 --algorithm
pghi; docs/api.md lists them, and the service answers a name that it does not know with the one that was meant.
`phasor OPERATION --help` shows those that an operation is often given.

exit codes:
  0  all is done
  1  a file was refused, or could not be read or written; the others of its folder are done
  2  the command itself is wrong, or names what is not there
  3  the service cannot be reached, ended, is too busy or took too long
"""

_REFUSED, _WRONG, _AWAY = 1, 2, 3

# What an answer is without a name that ends otherwise.
_ENDINGS = {"stft": "npy", "istft": "wav", "phase": "npy", "reconstruct": "wav", "stretch": "wav", "mel": "npy"}

_TYPES = {
    "wav": "audio/wav",
    "flac": "audio/flac",
    "npy": "application/x-npy",
    "npz": "application/x-npz",
    "json": "application/json",
}

# Of a folder these are taken. The last ones need a decoder beside the service.
_FILES = {*_TYPES, "wave", "mp3", "ogg", "oga", "opus", "m4a", "aac", "aif", "aiff"}

_OWN = ("--url", "--key", "--out", "--jobs", "--retries", "--report", "--help")


@dataclass(frozen=True)
class _Work:
    """One request: the files of it, and where its answer goes; None for what is printed."""

    files: tuple[Path, ...]
    out: Path | None


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    own, parameters = _parted(sys.argv[1:] if arguments is None else list(arguments))
    parser = argparse.ArgumentParser(
        prog="phasor",
        usage=_usage(own),
        epilog=DETAILS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("operation", choices=list(_OPERATIONS), metavar="OPERATION")
    parser.add_argument("files", nargs="+", type=Path, metavar="IN", help="a file or a folder")
    parser.add_argument("-o", "--out", type=Path, metavar="OUT", help="a file, or a folder for a folder")
    parser.add_argument("--url", help="of the service; PHASOR_URL, else http://127.0.0.1:8080")
    parser.add_argument("--key", help="PHASOR_KEY is safer: other users of a machine see its command lines")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="files of a folder at once, 2")
    parser.add_argument("--retries", type=int, default=4, metavar="N", help="where the service is busy, 4")
    parser.add_argument("--report", action="store_true", help="print the service's reports, a line of JSON a file")
    try:
        options = parser.parse_args(own)
        parameters = {name.replace("-", "_"): value for name, value in parameters.items()}
        operation: str = options.operation
        if len(options.files) != (2 if operation == "evaluate" else 1):
            parser.error(f"{operation} takes {'two files or folders' if operation == 'evaluate' else 'one IN'}")
        if (options.out is None) != (operation not in _ENDINGS):
            parser.error(f"{operation} {'needs -o OUT' if operation in _ENDINGS else 'prints; leave -o out'}")
        work = list(_work(operation, options.files, options.out, parameters))
        client = Client(options.url, options.key, retries=options.retries)
    except SystemExit as end:
        return _WRONG if end.code else 0
    except (OSError, ValueError) as error:
        print(f"phasor: {error}", file=sys.stderr)
        return _WRONG

    def run(item: _Work) -> int:
        return _done(client, operation, item, parameters, options.report)

    with client, ThreadPoolExecutor(max(1, options.jobs)) as threads:
        return max(threads.map(run, work), default=0)


def _usage(own: list[str]) -> str:
    """Of the operation that is asked about, else of all."""
    name = next((word for word in own if word in _OPERATIONS), None)
    if name is None:
        return USAGE
    takes, what, often = _OPERATIONS[name]
    return f"phasor {name} {takes} [--NAME VALUE ...]\n\n{what}, as by\n  phasor {name} {takes} {often}"


def _parted(arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    """The command's own arguments, and the service's parameters: --name value, --name=value, or --name alone."""
    own: list[str] = []
    parameters: dict[str, str] = {}
    rest = iter(range(len(arguments)))
    for at in rest:
        word = arguments[at]
        name, equals, value = word.partition("=")
        if not word.startswith("--") or word == "--" or name in _OWN:
            own.append(word)
        elif equals:
            parameters[name[2:]] = value
        elif at + 1 < len(arguments) and not arguments[at + 1].startswith(("--", "-o", "-h")):
            parameters[name[2:]] = arguments[at + 1]
            next(rest)
        else:
            parameters[name[2:]] = "true"
    return own, parameters


def _work(operation: str, files: list[Path], out: Path | None, parameters: dict[str, str]) -> Iterator[_Work]:
    first = files[0]
    for file in files:
        if not file.exists():
            raise FileNotFoundError(f"there is no {file}")
    if not first.is_dir():
        if out is not None and out.is_dir():
            out = out / f"{first.stem}.{parameters.get('response_format', _ENDINGS[operation])}"
        if out is not None and out.suffix[1:].lower() not in _TYPES:
            raise ValueError(f"OUT must end in one of .{' .'.join(_TYPES)}, got {out}")
        yield _Work(tuple(files), out)
        return
    if out is not None and out.exists() and not out.is_dir():
        raise NotADirectoryError(f"OUT must be a folder for a folder, got the file {out}")
    inputs = sorted(path for path in first.rglob("*") if path.is_file() and path.suffix[1:].lower() in _FILES)
    if not inputs:
        raise FileNotFoundError(f"there is no file of .{' .'.join(sorted(_FILES))} in {first}")
    taken: dict[Path, Path] = {}
    for path in inputs:
        name = path.relative_to(first)
        if out is None:
            yield _Work((path, *(other / name for other in files[1:])), None)
        else:
            ending = parameters.get("response_format", _ENDINGS[operation])
            answer = out / name.with_suffix(f".{ending}")
            if answer in taken:
                raise ValueError(f"{path} and {taken[answer]} would both become {answer}")
            taken[answer] = path
            yield _Work((path,), answer)


def _done(client: Client, operation: str, work: _Work, parameters: dict[str, str], report: bool) -> int:
    """The exit code of one request, whose failure is told and does not end the others."""
    names = ("audio", "reference") if operation == "evaluate" else ("file",)
    ending = "json" if work.out is None else work.out.suffix[1:].lower()
    path = "phase/diagnose" if operation == "diagnose" else operation
    sent = {name: value for name, value in parameters.items() if name != "response_format"}
    about = str(work.files[0])
    try:
        values = dict(zip(names, work.files))
        if work.out is None:
            _print({"file": about, **json.loads(client.post(path, values, sent, _TYPES[ending]).body)})
            return 0
        work.out.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(work.out) as file:
            answer = client.post(path, values, sent, _TYPES[ending], file)
        told = report_of(answer)
    except (Unreachable, ConnectionLost, TimedOut, Unavailable) as error:
        print(f"phasor: {about}: {error}", file=sys.stderr)
        return _AWAY
    except (PhasorError, OSError) as error:
        request = f" (request {error.request_id})" if isinstance(error, Problem) else ""
        print(f"phasor: {about}: {error}{request}", file=sys.stderr)
        return _REFUSED
    for warning in told.get("warnings", []):
        print(f"phasor: {about}: {warning}", file=sys.stderr)
    if report:
        _print({"file": about, **told})
    return 0


def _print(line: dict[str, object]) -> None:
    # One write a line: files of a folder are done at once.
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
