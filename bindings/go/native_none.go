//go:build !cgo

package icecat

// Without cgo there is no library: every call gives ErrNoCgo.

func ready() error                                     { return ErrNoCgo }
func enter(op operation, f *frame, data []byte) Status { return ErrInternal }
func takeSpill(f *frame, out []byte)                   {}
func newToken() uint64                                 { return 0 }
func fireToken(token uint64)                           {}
func keep(value any) uint64                            { return 0 }
func drop(number uint64)                               {}
func freeToken(token uint64)                           {}
