"""docker-compose.yml as Docker Compose would see it with these variables."""

import re

from ruamel.yaml import YAML

from harness.dockerfile import REPOSITORY

FILE = REPOSITORY / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::([-?])([^}]*))?\}|\$")


def load(**variables: str) -> dict:
    """Fails where a variable that the file demands is not given."""
    return fill(YAML(typ="safe").load(FILE.read_text()), variables)


def fill(value, variables: dict[str, str]):
    match value:
        case dict():
            return {name: fill(item, variables) for name, item in value.items()}
        case list():
            return [fill(item, variables) for item in value]
        case str():
            return VARIABLE.sub(lambda found: replacement(found, variables), value)
        case _:
            return value


def replacement(found: re.Match, variables: dict[str, str]) -> str:
    name, sign, text = found.groups()
    assert name, f"a dollar sign that is no variable: {found.string}"
    given = variables.get(name, "")
    assert given or sign != "?", f"{name} is demanded: {text}"
    return given or (text if sign == "-" else "")
