package icecat

import (
	"runtime"
	"sync"
)

// handle is a native object. It is freed once: when it is closed and the last call that uses it has ended.
type handle struct {
	hooked   bool       // it calls back functions that belong to it
	provider *hooks     // of access keys; nil for none
	serial   sync.Mutex // held while one thread uses what belongs to one thread at a time

	mu     sync.Mutex
	native uint64
	users  int
	closed bool
	free   func(native uint64)
}

// newHandle takes a native object over. One that is forgotten is freed after the garbage collector found it, but
// only Close frees it in time. What free refers to must not refer to the handle.
func newHandle(native uint64, free func(native uint64)) *handle {
	h := &handle{native: native, free: free}
	runtime.SetFinalizer(h, (*handle).close)
	return h
}

// acquire keeps the object alive until release.
func (h *handle) acquire() (uint64, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return 0, false
	}
	h.users++
	return h.native, true
}

func (h *handle) release() {
	h.mu.Lock()
	h.users--
	last := h.closed && h.users == 0
	h.mu.Unlock()
	if last {
		h.free(h.native)
	}
}

func (h *handle) close() {
	h.mu.Lock()
	last := !h.closed && h.users == 0
	h.closed = true
	h.mu.Unlock()
	runtime.SetFinalizer(h, nil)
	if last {
		h.free(h.native)
	}
}

// freeWith gives a function that frees a native object by one operation.
func freeWith(op operation) func(native uint64) {
	return func(native uint64) {
		f := newFrame("Close")
		defer f.end()
		f.record.object = native
		_ = f.run(op, nil) // operations that free do not fail
	}
}
