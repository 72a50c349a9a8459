package icecat

import (
	"math"
	"time"
)

// reader takes a reply apart. Bytes are those that shim_wire.c wrote, so what is missing is a defect, and panics.
type reader struct{ rest string }

func (r *reader) number() uint64 {
	b := r.rest[:8]
	r.rest = r.rest[8:]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 |
		uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func (r *reader) signed() int64 { return int64(r.number()) }
func (r *reader) int() int      { return int(r.number()) }
func (r *reader) real() float64 { return math.Float64frombits(r.number()) }
func (r *reader) bool() bool    { return r.number() != 0 }

func (r *reader) text() string {
	length := r.number()
	value := r.rest[:length]
	r.rest = r.rest[length:]
	return value
}

// moment is the zero time for 0, which means "unknown".
func (r *reader) moment() time.Time { return moment(r.signed()) }

func moment(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

func (r *reader) texts() []string {
	values := make([]string, r.number())
	for i := range values {
		values[i] = r.text()
	}
	return values
}
