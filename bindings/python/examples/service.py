"""A web service that says whether there is a cat in a picture, with FastAPI and the client for asyncio.

    pip install ./bindings/python fastapi uvicorn
    uvicorn service:app                   # settings: the environment, as for every icecat.Client

    curl -T cat.jpg localhost:8000/pictures/cat.jpg               201 {"batch_id": ..., "fingerprint": ..., "url": ...}
    curl localhost:8000/pictures/BATCH/FINGERPRINT?wait=20        200 {"state": "success", "is_cat": true, ...}, or 202

A picture is judged while it arrives: the connection of one that is refused ends before it is all there. When a client
goes away or a time is over, FastAPI cancels the task, and the call to AWS ends with it.
"""
from __future__ import annotations

import contextlib
import os
from typing import Any, AsyncIterator, Dict

import icecat
import icecat.aio
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

MOST_BYTES = 15 * 1024 * 1024  # Rekognition takes no more from S3
MOST_WAIT_S = 60.0


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client for all requests: it keeps connections, and any number of tasks may use it."""
    async with icecat.aio.Client(client_id=os.environ.get("ICECAT_CLIENT_ID", "service")) as app.state.icecat:
        yield


app = FastAPI(title="Is there a cat in this picture?", lifespan=lifespan)


@app.exception_handler(icecat.IcecatError)
async def on_error(request: Request, error: icecat.IcecatError) -> JSONResponse:
    """What failed, for the caller: its own fault, or ours and whether to try again."""
    if isinstance(error, (icecat.ValidationError, icecat.LimitError, icecat.ArgumentError)):
        status = 422
    elif isinstance(error, icecat.NotFoundError):
        status = 404
    else:
        status = 503 if error.retryable else 502
    headers = {"Retry-After": str(max(1, round(error.retry_after)))} if status == 503 else {}
    return JSONResponse({"error": error.name, "message": error.message}, status, headers)


async def receive(request: Request) -> bytearray:
    """The body, if its header is that of a sound picture inside the limits; raises ValidationError as early as it can
    be known."""
    told = request.headers.get("content-length", "")
    total = int(told) if told.isdigit() else None
    body, is_judged = bytearray(), False
    with icecat.ImageStream(max_bytes=MOST_BYTES, total_bytes=total) as stream:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise icecat.LimitError(f"the picture is over {MOST_BYTES} bytes")
            if not is_judged and stream.feed(chunk):
                is_judged = True
                stream.finish(whole=False).raise_if_refused()
    return body


@app.put("/pictures/{name}", status_code=201)
async def put_picture(name: str, request: Request) -> Dict[str, Any]:
    """Check the picture of the body and upload it; the function judges it from there."""
    sent = await request.app.state.icecat.submit(await receive(request), file_name=name, timeout=30)
    return {"batch_id": sent.batch_id, "fingerprint": sent.fingerprint,
            "url": f"/pictures/{sent.batch_id}/{sent.fingerprint}"}


@app.get("/pictures/{batch_id}/{fingerprint}")
async def get_picture(batch_id: int, fingerprint: str, request: Request, wait: float = 0.0) -> JSONResponse:
    """The verdict; 202 when there is none yet, after `wait` seconds."""
    client: icecat.aio.Client = request.app.state.icecat
    try:
        found = next(await client.wait(batch_id, fingerprints=[fingerprint], timeout=min(max(wait, 0.001), MOST_WAIT_S)))
    except icecat.NotReadyError as error:
        found = error.results[0]
    return JSONResponse({
        "state": found.state, "is_cat": found.is_cat, "confidence": found.confidence, "file_name": found.file_name,
        "labels": [label.name for label in found.labels], "fail_code": found.fail_code,
    }, 200 if found.state in ("success", "fail") else 202)
