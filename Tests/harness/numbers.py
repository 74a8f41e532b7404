"""Metrics of a service, as Prometheus reads them."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

from harness.service import Service


class Numbers:
    """The content of `/metrics` at a moment, read by Prometheus' own library."""

    def __init__(self, service: Service, **settings):
        answer = httpx.get(service.origin + "/metrics", **settings)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        self.text = answer.text
        self.families = {family.name: family for family in text_string_to_metric_families(answer.text)}
        self.samples = [sample for family in self.families.values() for sample in family.samples]

    def sum(self, name: str, **labels: str) -> float:
        return sum(
            sample.value for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items())

    def one(self, name: str, **labels: str) -> float:
        [value] = [sample.value for sample in self.samples if sample.name == name and sample.labels == labels]
        return value
