package icecat

import (
	"context"
	"math"
	"strings"
	"sync"
	"time"
)

// record is a goicecat_frame; native.go compares the two.
type record struct {
	object    uint64 // what is called
	cancel    uint64 // token, or 0
	timeoutMS uint64 // 0 for no limit
	callbacks uint64 // cgo.Handle of the functions that this call calls back, or 0
	call      uint64 // cgo.Handle of the frame, for functions that belong to a client, or 0
	made      uint64 // a new object
	spill     uint64 // a reply that did not fit
	replyLen  uint64
	err       errorRecord
}

// frame is one call: its arguments, its bounds and its reply. Frames are used again, so that a call of C
// costs no memory.
type frame struct {
	record record
	op     string
	ctx    context.Context // nil for pure functions
	owner  *handle         // nil for functions
	grace  time.Duration   // how long after its deadline the call may end by itself
	secret bool            // arguments that are wiped
	args   []byte
	reply  [4096]byte
	bad    error // the first argument that cannot be given

	cause    error // of a function that was called back
	panicked bool  // a function that was called back panicked, with this value
	panic    any
}

const keptArgs = 16 << 10 // larger ones are left to the garbage collector

var frames = sync.Pool{New: func() any { return &frame{args: make([]byte, 0, 1024)} }}

// newFrame begins the call of a function; end must follow.
func newFrame(op string) *frame {
	f := frames.Get().(*frame)
	f.op = op
	return f
}

// begin begins a call on a native object that must live as long as the call; end must follow.
func begin(ctx context.Context, op string, owner *handle) (*frame, error) {
	if err := ended(ctx, op); err != nil {
		return nil, err
	}
	native, ok := owner.acquire()
	if !ok {
		return nil, closed(op)
	}
	f := newFrame(op)
	f.ctx, f.owner, f.record.object = ctx, owner, native
	if owner.hooked {
		f.record.call = keep(f)
	}
	return f, nil
}

// ended is the error of a context that is done before anything was done.
func ended(ctx context.Context, op string) error {
	switch ctx.Err() {
	case nil:
		return nil
	case context.DeadlineExceeded:
		return failed(op, ErrDeadline, cause(ctx))
	default:
		return failed(op, ErrCancelled, cause(ctx))
	}
}

// end gives back what the call used.
func (f *frame) end() {
	if f.record.call != 0 {
		drop(f.record.call)
	}
	if f.record.callbacks != 0 {
		drop(f.record.callbacks)
	}
	if f.owner != nil {
		f.owner.release()
	}
	if f.secret {
		wipe(f.args)
	}
	args := f.args[:0]
	if cap(args) > keptArgs {
		args = make([]byte, 0, 1024)
	}
	f.record.object, f.record.cancel, f.record.timeoutMS = 0, 0, 0
	f.record.callbacks, f.record.call = 0, 0
	f.op, f.ctx, f.owner, f.grace, f.secret, f.args = "", nil, nil, 0, false, args
	f.bad, f.cause, f.panicked, f.panic = nil, nil, false, nil
	frames.Put(f)
}

func wipe(bytes []byte) {
	for i := range bytes {
		bytes[i] = 0
	}
}

// callback gives the call functions that C calls back.
func (f *frame) callback(functions called) {
	f.record.callbacks = keep(functions)
}

// run calls C with the arguments that were written, and data, which is not copied.
func (f *frame) run(op operation, data []byte) error {
	if f.bad != nil {
		return f.bad
	}
	if err := ready(); err != nil {
		return err
	}
	status := f.bounded(op, data)
	if f.panicked {
		panic(f.panic)
	}
	if status == 0 {
		return nil
	}
	return f.failure(status)
}

// bounded runs the call inside the bounds of its context. When it returns, nothing looks at the context any more.
func (f *frame) bounded(op operation, data []byte) Status {
	if f.ctx == nil || f.ctx.Done() == nil {
		return enter(op, f, data)
	}
	if deadline, ok := f.ctx.Deadline(); ok {
		left := time.Until(deadline)
		if left < 0 {
			left = 0
		}
		f.record.timeoutMS = uint64(left/time.Millisecond) + 1
	}
	token := newToken()
	f.record.cancel = token
	returned := make(chan struct{})
	joined := watch(f.ctx, func() {
		if f.ctx.Err() == context.DeadlineExceeded && f.grace > 0 && waits(returned, f.grace) {
			return
		}
		fireToken(token)
	})
	status := enter(op, f, data)
	close(returned)
	joined()
	freeToken(token)
	f.record.cancel = 0
	return status
}

// waits tells whether the call returned in time.
func waits(returned <-chan struct{}, most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-returned:
		return true
	case <-timer.C:
		return false
	}
}

// failure makes the error of a status that C returned.
func (f *frame) failure(status Status) *Error {
	e := &Error{Op: f.op, Status: status}
	if Status(f.record.err.status) == status {
		e = f.record.err.toError(f.op)
	}
	switch {
	case status == ErrCancelled && f.ctx != nil && f.ctx.Err() == context.DeadlineExceeded:
		e.Status, e.cause = ErrDeadline, cause(f.ctx)
	case (status == ErrCancelled || status == ErrDeadline || status == ErrPending) && f.ctx != nil:
		e.cause = cause(f.ctx)
	case status == ErrCallback && f.cause == nil && f.owner != nil:
		e.cause = f.owner.provider.lastError() // of an earlier call, which is not asked again so soon
	case status == ErrCallback || status >= ErrResolve && status <= ErrProtocol:
		e.cause = f.cause
	}
	if e.Message == "" {
		e.Message = e.Status.Error()
	}
	if e.Status == ErrCallback && e.cause != nil {
		e.Message += ": " + e.cause.Error()
	}
	return e
}

// Arguments, in the order in which C reads them.

func (f *frame) number(value uint64) {
	f.args = append(f.args, byte(value), byte(value>>8), byte(value>>16), byte(value>>24), byte(value>>32),
		byte(value>>40), byte(value>>48), byte(value>>56))
}

func (f *frame) signed(value int64) { f.number(uint64(value)) }
func (f *frame) real(value float64) { f.number(math.Float64bits(value)) }

func (f *frame) bool(value bool) {
	if value {
		f.number(1)
	} else {
		f.number(0)
	}
}

// number32 writes a number that has 32 bits in C.
func (f *frame) number32(name string, value int) {
	if value < 0 || uint64(value) > math.MaxUint32 {
		f.refuse(name, " is out of its range")
	}
	f.number(uint64(value))
}

// unsigned writes a number that has no sign in C.
func (f *frame) unsigned(name string, value int64) {
	if value < 0 {
		f.refuse(name, " is negative")
	}
	f.signed(value)
}

// milliseconds writes a duration; what is shorter than one lasts one, because 0 means the default.
func (f *frame) milliseconds(name string, value time.Duration) {
	ms := int64((value + time.Millisecond - 1) / time.Millisecond)
	if value < 0 || ms > math.MaxUint32 {
		f.refuse(name, " is out of its range")
	}
	f.number(uint64(ms))
}

// seconds writes a duration; a part of a second counts as one.
func (f *frame) seconds(name string, value time.Duration) {
	s := int64((value + time.Second - 1) / time.Second)
	if value < 0 || s > math.MaxUint32 {
		f.refuse(name, " is out of its range")
	}
	f.number(uint64(s))
}

// second writes a moment in seconds since 1970; 0 for the zero time.
func (f *frame) second(moment time.Time) {
	if moment.IsZero() {
		f.number(0)
		return
	}
	f.signed(moment.Unix())
}

func (f *frame) length(value uint32) {
	f.args = append(f.args, byte(value), byte(value>>8), byte(value>>16), byte(value>>24))
}

// text writes a text that is needed, "" too.
func (f *frame) text(value string) {
	if strings.IndexByte(value, 0) >= 0 || uint64(len(value)) >= math.MaxUint32 {
		f.refuse("a text", " has a zero byte")
		value = ""
	}
	f.length(uint32(len(value)))
	f.args = append(f.args, value...)
	f.args = append(f.args, 0)
}

// optional writes a text that may be left out: "" is none.
func (f *frame) optional(value string) {
	if value == "" {
		f.length(math.MaxUint32)
		return
	}
	f.text(value)
}

func (f *frame) texts(values []string) {
	f.number(uint64(len(values)))
	for _, value := range values {
		f.text(value)
	}
}

func (f *frame) pairs(values map[string]string) {
	f.number(uint64(len(values)))
	for name, value := range values {
		f.text(name)
		f.text(value)
	}
}

// refuse makes the call fail before C is called.
func (f *frame) refuse(what, why string) {
	if f.bad == nil {
		f.bad = failed(f.op, ErrArgument, nil, what, why)
	}
}

// read gives the reply as a reader whose texts share one string.
func (f *frame) read() reader { return reader{string(f.take())} }

// take gives the bytes of the reply, which are valid until end.
func (f *frame) take() []byte {
	if f.record.spill == 0 {
		return f.reply[:f.record.replyLen]
	}
	bytes := make([]byte, f.record.replyLen)
	takeSpill(f, bytes)
	return bytes
}
