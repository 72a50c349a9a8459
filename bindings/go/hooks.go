package icecat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"
)

// LogLevel is how much a log is told.
type LogLevel uint32

const (
	LogError LogLevel = 1
	LogWarn  LogLevel = 2
	LogInfo  LogLevel = 3
	LogDebug LogLevel = 4
	LogTrace LogLevel = 5
)

// LogFunc receives one line without a secret. area is "http", "retry", "sign", "credentials", "s3", "dynamodb",
// "rekognition", "ssm" or "pipeline". It must not use the client that it belongs to.
type LogFunc func(level LogLevel, area, text string)

// Clock is whose time a client uses: for tests, and for devices whose time comes from elsewhere. Sleep may be nil;
// with a clock that stands still between the calls, give it, and let it move the time.
type Clock struct {
	Now       func() time.Time
	Monotonic func() time.Duration // Never goes back; its zero does not matter.
	Sleep     func(time.Duration)
}

// Request is a signed request, to be sent as it is. Its headers hold secrets: do not log them.
type Request struct {
	Method  string
	URL     string
	Headers []Header // All but Content-Length.
	Body    []byte   // Valid until the transport returns.
}

// Header is a name and its value.
type Header struct{ Name, Value string }

// Response is the answer to a Request.
type Response struct {
	Status  int // 100 to 599
	Headers []Header
	Body    []byte
}

// Transport sends one request and gives its answer. It must not follow redirects, and must verify the server of an
// https URL. An error that has a Status from ErrResolve to ErrProtocol by errors.As tells what failed; any other
// is ErrTransfer. ctx is that of the call.
type Transport func(ctx context.Context, request *Request) (*Response, error)

// Keys are access keys in plain text.
type Keys struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string    // "" for long-lived keys.
	Expires         time.Time // Zero when they do not expire.
}

func (k Keys) write(f *frame) {
	f.secret = true
	f.text(k.AccessKeyID)
	f.text(k.SecretAccessKey)
	f.optional(k.SessionToken)
	f.second(k.Expires)
}

// Bits of what hooks have; those of shim_hooks.h.
const (
	hasLog       = 1
	hasClock     = 2
	hasRandom    = 4
	hasTransport = 8
	hasSleep     = 16
)

// hooks are the functions that a client or a source of access keys calls for as long as it lives.
type hooks struct {
	log       LogFunc
	logLevel  LogLevel
	clock     *Clock
	random    io.Reader
	transport Transport
	provider  func(ctx context.Context) (Keys, error)

	mu     sync.Mutex
	users  int // objects of C that may call; the last one to go frees the handle
	handle uint64
	last   error // of the provider
}

func (h *hooks) has() uint64 {
	bits := uint64(0)
	add := func(is bool, bit uint64) {
		if is {
			bits |= bit
		}
	}
	add(h.log != nil, hasLog)
	add(h.clock != nil, hasClock)
	add(h.clock != nil && h.clock.Sleep != nil, hasSleep)
	add(h.random != nil, hasRandom)
	add(h.transport != nil, hasTransport)
	return bits
}

// write gives them to C, which may call from then on, until release.
func (h *hooks) write(f *frame) {
	if h == nil {
		f.number(0)
		f.number(0)
		f.number(0)
		return
	}
	f.number(h.has())
	f.number(uint64(h.logLevel))
	f.number(h.retain())
	if f.record.call == 0 {
		f.record.call = keep(f)
	}
}

func (h *hooks) retain() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.users == 0 {
		h.handle = keep(h)
	}
	h.users++
	return h.handle
}

func (h *hooks) release() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.users--
	if h.users == 0 {
		drop(h.handle)
	}
}

// orNil is nil when there is nothing to call, which spares every call some work.
func (h *hooks) orNil() *hooks {
	if h.has() == 0 && h.provider == nil {
		return nil
	}
	return h
}

// lastError is why the provider of access keys failed last.
func (h *hooks) lastError() error {
	if h == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

func (h *hooks) setLastError(err error) {
	h.mu.Lock()
	h.last = err
	h.mu.Unlock()
}

// called answers C.
func (h *hooks) called(what int, call *frame, in, out []byte) int64 {
	switch what {
	case onLog:
		r := reader{string(in)}
		level := LogLevel(r.number())
		return call.protect(func() (int64, error) { h.log(level, r.text(), r.text()); return 0, nil })
	case onKeys:
		return call.protect(func() (int64, error) { return h.giveKeys(call.context(), out) })
	case onFree:
		h.release()
	case onRandom:
		return call.protect(func() (int64, error) { _, err := io.ReadFull(h.random, out); return 0, err })
	case onNow:
		return call.protect(func() (int64, error) { return h.clock.Now().Unix(), nil })
	case onMonotonic:
		return call.protect(func() (int64, error) { return int64(h.clock.Monotonic() / time.Millisecond), nil })
	case onSleep:
		r := reader{string(in)}
		return call.protect(func() (int64, error) {
			h.clock.Sleep(time.Duration(r.number()) * time.Millisecond)
			return 0, nil
		})
	case onRequest:
		status := ErrCallback
		call.protect(func() (int64, error) { status = h.send(call, in); return 0, nil })
		return int64(status)
	}
	return 0
}

// giveKeys writes keys as shim_credentials.c reads them, and gives their length.
func (h *hooks) giveKeys(ctx context.Context, out []byte) (int64, error) {
	keys, err := h.provider(ctx)
	h.setLastError(err)
	if err != nil {
		return 0, err
	}
	f := newFrame("credentials")
	defer f.end()
	keys.write(f)
	if f.bad == nil && len(f.args) > len(out) {
		f.refuse("the access keys", " are too long")
	}
	if f.bad != nil {
		h.setLastError(f.bad)
		return 0, f.bad
	}
	return int64(copy(out, f.args)), nil
}

// send hands a request of C to the transport, and the answer back.
func (h *hooks) send(call *frame, in []byte) Status {
	answer, timeout, request := readRequest(in)
	ctx := call.context()
	if timeout < uint64(math.MaxInt64/time.Millisecond) {
		bounded, cancel := context.WithTimeout(ctx, time.Duration(timeout)*time.Millisecond)
		defer cancel()
		ctx = bounded
	}
	response, err := h.transport(ctx, request)
	switch {
	case err == nil && response == nil:
		err = fmt.Errorf("%w: the transport gave neither an answer nor an error", ErrProtocol)
	case err == nil && (response.Status < 100 || response.Status > 599):
		err = fmt.Errorf("%w: the transport gave the status %d", ErrProtocol, response.Status)
	}
	f := newFrame("transport")
	defer f.end()
	f.record.object = answer
	if err != nil {
		call.setCause(err)
		f.text(err.Error())
		response = &Response{}
	} else {
		f.optional("")
	}
	f.number(uint64(response.Status))
	f.number(uint64(len(response.Headers)))
	for _, header := range response.Headers {
		f.text(header.Name)
		f.text(header.Value)
	}
	problem := f.run(opHTTPAnswer, response.Body)
	if err != nil {
		return transportStatus(err)
	}
	if problem != nil {
		call.setCause(problem)
		return problem.(*Error).Status
	}
	return 0
}

func transportStatus(err error) Status {
	var status Status
	switch {
	case errors.As(err, &status) && status >= ErrResolve && status <= ErrProtocol:
		return status
	case errors.Is(err, context.DeadlineExceeded):
		return ErrDeadline
	case errors.Is(err, context.Canceled):
		return ErrCancelled
	}
	return ErrTransfer
}

func readRequest(in []byte) (answer, timeoutMS uint64, request *Request) {
	r := reader{string(in)}
	answer, timeoutMS = r.number(), r.number()
	request = &Request{Method: r.text(), URL: r.text()}
	request.Headers = make([]Header, r.number())
	for i := range request.Headers {
		request.Headers[i] = Header{r.text(), r.text()}
	}
	request.Body = []byte(r.text())
	return answer, timeoutMS, request
}
