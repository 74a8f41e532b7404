"""The files for Prometheus and Grafana: readable, and with metrics that the service has."""

import json
import re

import pytest
from ruamel.yaml import YAML

from harness.dockerfile import REPOSITORY

FOLDER = REPOSITORY / "deploy/monitoring"
RULES = FOLDER / "tracking-dashboard-alerts.yml"
NAME = re.compile(r"\b((?:dashboard|process)_[a-z_]+)(?=[{\[)\s,]|$)")


def read(path):
    return YAML(typ="safe").load(path.read_text())


def rules() -> list[dict]:
    return [rule for group in read(RULES)["groups"] for rule in group["rules"]]


def dashboard() -> dict:
    return json.loads((FOLDER / "grafana-dashboard.json").read_text())


@pytest.fixture(scope="module")
def given() -> set[str]:
    """The metrics of the service, with the parts of a histogram."""
    source = "".join(path.read_text() for path in (REPOSITORY / "Sources/Web").rglob("*.swift"))
    names = set(re.findall(r'out\.begin\(\s*"([a-z_]+)"', source))
    assert "dashboard_http_requests_total" in names
    return names | {name + "_bucket" for name in names if name.endswith("_seconds")}


def test_every_alert_has_a_summary_and_a_link_to_the_documents():
    assert len({rule["alert"] for rule in rules()}) == len(rules()) > 5
    anchors = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in (REPOSITORY / "docs/operations.md").read_text().splitlines() if line.startswith("#")}
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket"), rule
        assert rule["annotations"]["summary"], rule
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "docs/operations.md" and anchor in anchors, rule


def test_alerts_use_metrics_of_the_service(given):
    for rule in rules():
        assert set(NAME.findall(rule["expr"])) <= given, rule


def test_the_dashboard_uses_metrics_of_the_service(given):
    for panel in dashboard()["panels"]:
        for target in panel["targets"]:
            named = set(NAME.findall(target["expr"]))
            assert named <= given and (named or "up{" in target["expr"]), target


def test_the_dashboard_shows_every_metric_of_the_service(given):
    expressions = [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    shown = {name.removesuffix("_bucket") for expression in expressions for name in NAME.findall(expression)}
    # It never moves.
    not_shown = {"dashboard_event_loops"}
    own = {name.removesuffix("_bucket") for name in given if name.startswith("dashboard_")}
    assert own == shown - {name for name in shown if name.startswith("process_")} | not_shown


def test_the_documents_list_every_metric_and_every_alert(given):
    listed = set(re.findall(r"`(\w+)`", (REPOSITORY / "docs/monitoring.md").read_text()))
    assert {name for name in given if not name.endswith("_bucket")} <= listed
    assert {rule["alert"] for rule in rules()} <= listed


def test_panels_do_not_overlap():
    cells: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        x, y, width, height = (panel["gridPos"][name] for name in "xywh")
        assert x + width <= 24, panel["title"]
        own = {(column, line) for column in range(x, x + width) for line in range(y, y + height)}
        assert not own & cells, panel["title"]
        cells |= own


def test_prometheus_scrapes_the_job_of_alerts_and_dashboard():
    settings = read(FOLDER / "prometheus.yml")
    assert settings["rule_files"] == [RULES.name]
    job = settings["scrape_configs"][0]["job_name"]
    for rule in rules():
        assert f'job="{job}"' in rule["expr"], rule
