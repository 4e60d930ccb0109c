"""Spans and metrics of OpenTelemetry for the exchanges of a client.

Needs the extra ``opentelemetry``.
"""

from collections.abc import Mapping
from typing import Final

from musement_async._extras import install
from musement_async._version import __version__
from musement_async.client import MusementClient
from musement_async.exchanges import Exchange

try:
    from opentelemetry.metrics import MeterProvider, get_meter_provider
    from opentelemetry.trace import SpanKind, StatusCode, TracerProvider, get_tracer_provider
except ModuleNotFoundError as _missing:
    raise ImportError(f"This needs {_missing.name}: {install('opentelemetry')}", name=_missing.name) from _missing

_NAME: Final = "musement_async"
# The boundaries that the semantic conventions give, in seconds.
_BOUNDARIES: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)


def instrument(
    client: MusementClient,
    *,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
) -> None:
    """Put spans and metrics on a client, its views and its customers' clients, by the semantic conventions of HTTP.

    Each attempt of a call makes a span of the kind ``CLIENT``, below the span that the call is made in, and a value of
    the histogram ``http.client.request.duration``. Neither has a query, a header or an id of a customer; the attribute
    ``url.full`` of the span has the path with its ids. No header is added to requests.

    Args:
        client: The client. Its ``on_exchange`` is called as before. Instrument a client once: each time adds spans.
        tracer_provider: Makes the spans; by default the global one.
        meter_provider: Makes the metrics; by default the global one.
    """
    tracer = (tracer_provider or get_tracer_provider()).get_tracer(_NAME, __version__)
    meter = (meter_provider or get_meter_provider()).get_meter(_NAME, __version__)
    durations = meter.create_histogram(
        "http.client.request.duration",
        unit="s",
        description="Duration of HTTP client requests.",
        explicit_bucket_boundaries_advisory=_BOUNDARIES,
    )
    url = client.http.base_url
    base = str(url).rstrip("/")
    port = url.port or (443 if url.scheme == "https" else 80)
    server: Mapping[str, str | int] = {"server.address": url.host, "server.port": port, "url.scheme": url.scheme}

    def observe(exchange: Exchange) -> None:
        attributes: dict[str, str | int] = {
            "http.request.method": exchange.method,
            "url.template": exchange.template,
            **server,
        }
        if exchange.status is not None:
            attributes["http.response.status_code"] = exchange.status
        failure = exchange.error or (str(exchange.status) if (exchange.status or 0) >= 400 else None)
        if failure is not None:
            attributes["error.type"] = failure
        durations.record(exchange.elapsed, attributes)

        start = int(exchange.started_at * 1e9)
        name = f"{exchange.method} {exchange.template}"
        span = tracer.start_span(name, kind=SpanKind.CLIENT, start_time=start, attributes=attributes)
        span.set_attribute("url.full", f"{base}{exchange.path}")
        if exchange.attempt > 1:
            span.set_attribute("http.request.resend_count", exchange.attempt - 1)
        if failure is not None:
            span.set_status(StatusCode.ERROR)
        span.end(start + int(exchange.elapsed * 1e9))

    client.add_hook(observe)
