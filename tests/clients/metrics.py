"""Reads METRICS_URL with Prometheus' own parser, holds it against the format's rules, and prints every sample."""

import json
import math
import os
from urllib.request import Request, urlopen

from prometheus_client.parser import text_string_to_metric_families

headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"} if os.environ["TOKEN"] else {}
with urlopen(Request(os.environ["METRICS_URL"], headers=headers)) as answer:
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"), answer.headers
    text = answer.read().decode()

families = list(text_string_to_metric_families(text))
names = [family.name for family in families]
assert len(names) == len(set(names)), f"told twice: {names}"
samples, seen = [], set()
for family in families:
    assert family.documentation, f"{family.name} says nothing of itself"
    assert family.type in ("counter", "gauge", "histogram"), (family.name, family.type)
    buckets = {}
    for sample in family.samples:
        key = (sample.name, tuple(sorted(sample.labels.items())))
        assert key not in seen, f"told twice: {key}"
        seen.add(key)
        assert set(sample.labels) <= {"mode", "outcome", "kind", "le"}, sample.labels
        assert sample.labels.get("mode") in (None, "native", "openinterpreter"), sample.labels
        assert sample.value >= 0 and math.isfinite(sample.value), sample
        if family.type == "counter":
            assert sample.name.endswith("_total"), sample.name
        if family.type == "histogram":
            rest = tuple((name, value) for name, value in sample.labels.items() if name != "le")
            buckets.setdefault(rest, []).append(sample)
        samples.append({"name": sample.name, "labels": sample.labels, "value": sample.value})
    for of_one in buckets.values():
        counts = [sample.value for sample in of_one if sample.name.endswith("_bucket")]
        assert counts == sorted(counts), f"{family.name}: {counts}"
        (last,) = [sample.value for sample in of_one if sample.labels.get("le") == "+Inf"]
        (count,) = [sample.value for sample in of_one if sample.name.endswith("_count")]
        assert last == count, f"{family.name}: {last} and {count}"
print(json.dumps(samples))
