package icecat

import "context"

// What C calls back; the numbers of shim.h.
const (
	onNext      = 1
	onSettled   = 2
	onKnown     = 3
	onProgress  = 4
	onWait      = 5
	onLog       = 6
	onKeys      = 7
	onFree      = 8
	onRandom    = 9
	onNow       = 10
	onMonotonic = 11
	onSleep     = 12
	onRequest   = 13
)

// stop ends the call that calls back.
const stop = -1

// called is a set of functions that C calls back. in and out are memory of C: valid until it returns.
type called interface {
	called(what int, call *frame, in, out []byte) int64
}

// protect runs a function that C called. Neither an error nor a panic may go through C: the call is stopped, and
// run tells the one and goes on with the other. Without a call there is nothing to stop.
func (f *frame) protect(body func() (int64, error)) (answer int64) {
	if f == nil {
		answer, err := body()
		if err != nil {
			return stop
		}
		return answer
	}
	finished := false
	defer func() {
		if !finished {
			f.panicked, f.panic, answer = true, recover(), stop
		}
	}()
	if f.panicked {
		finished = true
		return stop
	}
	answer, err := body()
	finished = true
	if err != nil {
		f.cause = err
		return stop
	}
	return answer
}

// setCause keeps why a request failed, for the error of the call.
func (f *frame) setCause(err error) {
	if f != nil {
		f.cause = err
	}
}

// context is that of the call that runs.
func (f *frame) context() context.Context {
	if f == nil || f.ctx == nil {
		return context.Background()
	}
	return f.ctx
}
