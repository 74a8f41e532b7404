"""The content of the Dockerfile's last stage, read without Docker. Unsupported instructions are a failure."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


@dataclass
class Stage:
    base: str
    # The shell lines of RUN, in order.
    runs: list[str] = field(default_factory=list)
    # Source, in the build stage, to folder.
    copies: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    volumes: list[str] = field(default_factory=list)
    port: int = 0
    health: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    @property
    def release(self) -> str:
        """Debian's."""
        found = re.fullmatch(r"debian:([a-z]+)-slim", self.base)
        assert found, f"the last stage is not a Debian: {self.base}"
        return found[1]

    @property
    def packages(self) -> list[str]:
        """The packages that `apt-get install` installs."""
        found = re.findall(r"apt-get install ([^&]+)", " ".join(self.runs))
        return [word for part in found for word in part.split() if not word.startswith("-")]

    def take(self, instruction: str, rest: str):
        match instruction:
            case "RUN":
                self.runs.append(rest)
            case "COPY":
                *options, source, folder = rest.split()
                assert options == ["--from=build"], f"only what the build stage made is copied: {rest}"
                self.copies[source] = folder
            case "ENV":
                self.environment |= dict(pair.split("=", 1) for pair in rest.split())
            case "USER":
                self.user = rest
            case "VOLUME":
                self.volumes += rest.split()
            case "EXPOSE":
                self.port = int(rest)
            case "HEALTHCHECK":
                self.health = json.loads(rest.partition(" CMD ")[2])
            case "CMD":
                self.command = json.loads(rest)
            case _:
                raise AssertionError(f"unknown in the last stage: {instruction} {rest}")


def instructions(text: str) -> list[tuple[str, str]]:
    kept = "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    lines = re.sub(r"\s*\\\n\s*", " ", kept).splitlines()
    return [(name.upper(), rest.strip()) for name, _, rest in (line.strip().partition(" ") for line in lines)]


def last_stage() -> Stage:
    found = instructions((REPOSITORY / "Dockerfile").read_text())
    start = max(index for index, (name, _) in enumerate(found) if name == "FROM")
    stage = Stage(base=found[start][1])
    for name, rest in found[start + 1:]:
        stage.take(name, rest)
    return stage


def build_image() -> str:
    """The name of the image that the programs are built in."""
    found = instructions((REPOSITORY / "Dockerfile").read_text())
    return next(rest.split()[0] for name, rest in found if name == "FROM")
