"""Spans and metrics, as the SDK of OpenTelemetry gets them."""

import sys
from typing import Any

import attrs
import httpx
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from musement_async import ArgumentError, Exchange, MusementClient, NetworkError, NotFoundError, ServerError, Token
from musement_async.integrations.opentelemetry import instrument
from musement_async.testing import LocalMusement


@attrs.define
class Telemetry:
    """Both providers, and what reached them."""

    exporter: InMemorySpanExporter = attrs.field(factory=InMemorySpanExporter)
    reader: InMemoryMetricReader = attrs.field(factory=InMemoryMetricReader)
    tracers: TracerProvider = attrs.field(factory=TracerProvider)

    def providers(self) -> dict[str, Any]:
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        return {"tracer_provider": self.tracers, "meter_provider": MeterProvider([self.reader])}

    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()


@pytest.mark.asyncio
async def test_an_exchange_is_a_span_below_the_callers_own(local_musement: LocalMusement) -> None:
    telemetry = Telemetry()
    async with local_musement.client() as client:
        instrument(client, **telemetry.providers())
        with telemetry.tracers.get_tracer("tests").start_as_current_span("show a city"):
            await client.cities.get(2)
    span, own = telemetry.spans()
    assert (span.name, span.kind, span.status.status_code) == (
        "GET /cities/{cityId}",
        SpanKind.CLIENT,
        StatusCode.UNSET,
    )
    assert span.parent is not None
    assert own.context is not None
    assert span.parent.span_id == own.context.span_id
    attributes = dict(span.attributes or {})
    assert str(attributes.pop("url.full")).endswith("/cities/2")
    assert set(attributes) == {
        *("http.request.method", "url.template", "server.address", "server.port", "url.scheme"),
        "http.response.status_code",
    }


@pytest.mark.asyncio
async def test_durations_are_a_histogram_by_the_semantic_conventions(local_musement: LocalMusement) -> None:
    telemetry = Telemetry()
    async with local_musement.client() as client:
        instrument(client, **telemetry.providers())
        await client.cities.get(2)
        await client.cities.get(40)
    data: Any = telemetry.reader.get_metrics_data()
    (metric,) = data.resource_metrics[0].scope_metrics[0].metrics
    (point,) = metric.data.data_points
    assert (metric.name, metric.unit, point.count) == ("http.client.request.duration", "s", 2)
    assert point.explicit_bounds[0] == 0.005
    assert "url.full" not in point.attributes


@pytest.mark.asyncio
async def test_a_refusal_and_a_retry_are_marked(local_musement: LocalMusement) -> None:
    telemetry = Telemetry()
    async with local_musement.client() as client:
        instrument(client, **telemetry.providers())
        with pytest.raises(NotFoundError):
            await client.cities.get(999_999)
        local_musement.fail_next(2, status=503, path="/cities/{cityId}")
        with pytest.raises(ServerError):
            await client.with_options(retries=1).cities.get(2)
    seen = [
        ((span.attributes or {}).get("error.type"), (span.attributes or {}).get("http.request.resend_count"))
        for span in telemetry.spans()
    ]
    assert seen == [("404", None), ("503", None), ("503", 1)]
    assert {span.status.status_code for span in telemetry.spans()} == {StatusCode.ERROR}


@pytest.mark.asyncio
async def test_without_providers_the_global_ones_get_it(local_musement: LocalMusement) -> None:
    async with local_musement.client() as client:
        instrument(client)
        assert (await client.cities.get(2)).name == "Rome"


@pytest.mark.asyncio
async def test_hooks_are_called_one_after_the_other_even_if_one_fails(local_musement: LocalMusement) -> None:
    heard: list[str] = []

    def fail(exchange: Exchange) -> None:
        heard.append("first")
        raise ZeroDivisionError

    async with local_musement.client(on_exchange=fail) as client:
        client.add_hook(lambda _: heard.append("second"))
        await client.cities.get(2)
        with pytest.raises(ArgumentError, match="hook"):
            client.add_hook(None)  # type: ignore[arg-type]
    assert heard == ["first", "second"]


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "musement_async.integrations.opentelemetry")
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", None)
    with pytest.raises(ImportError, match="the extra 'opentelemetry'"):
        __import__("musement_async.integrations.opentelemetry")


@pytest.mark.asyncio
async def test_a_call_without_an_answer_is_marked_with_its_error() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    telemetry = Telemetry()
    transport = httpx.MockTransport(refuse)
    async with MusementClient(token=Token(access_token="A"), application="tests", transport=transport) as client:
        instrument(client, **telemetry.providers())
        with pytest.raises(NetworkError):
            await client.with_options(retries=0).cities.get(2)
    (span,) = telemetry.spans()
    attributes = dict(span.attributes or {})
    assert (attributes["error.type"], attributes.get("http.response.status_code")) == ("NetworkError", None)
