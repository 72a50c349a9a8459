package icecat

import (
	"context"
	"errors"
	"strings"
	"time"
)

// ErrClosed is what calls on a closed object give.
var ErrClosed = errors.New("icecat: used after Close")

// ErrNoCgo is what every call gives in a program that was built without cgo.
var ErrNoCgo = errors.New("icecat: built without cgo: set CGO_ENABLED=1, and install a C compiler and libicecat")

// Error is why a call failed. Nothing in it is secret.
type Error struct {
	Op         string        // The method or function, e.g. "GetObject".
	Status     Status        // The kind of failure.
	Message    string        // One line: what failed, on what, why, and what to do.
	AWSCode    string        // E.g. "NoSuchBucket"; "" when the service did not answer with an error.
	RequestID  string        // The service's id of the request; "" when there is none.
	HTTPStatus int           // 0 when no answer came.
	CurlCode   int           // libcurl's code; 0 when the network was not at fault.
	Attempts   int           // Requests that were sent for the failed operation.
	Retryable  bool          // The same call may succeed later, unchanged.
	RetryAfter time.Duration // The service's hint; 0 when it gave none.

	// Item is what is in the table after a DynamoDB write whose condition was false; nil when there is
	// no such item.
	Item Item

	cause error
}

func (e *Error) Error() string { return "icecat: " + e.Op + ": " + e.Message }

// Unwrap gives what made the call fail outside the library: the error of a function that was called back,
// of a reader or a file, or the cause of the context's end. Nil for any other failure.
func (e *Error) Unwrap() error { return e.cause }

// Is tells whether target is this error's Status, or the error of a context that ended so.
func (e *Error) Is(target error) bool {
	switch target {
	case context.Canceled:
		return e.Status == ErrCancelled
	case context.DeadlineExceeded:
		return e.Status == ErrDeadline || e.Status == ErrPending
	}
	status, ok := target.(Status)
	return ok && status == e.Status
}

// ErrorCode is the service's code, else the name of the status: in the words of the AWS SDK for Go.
func (e *Error) ErrorCode() string {
	if e.AWSCode != "" {
		return e.AWSCode
	}
	return e.Status.String()
}

// ErrorMessage is Message: in the words of the AWS SDK for Go.
func (e *Error) ErrorMessage() string { return e.Message }

// Timeout tells whether time ran out, as net.Error has it.
func (e *Error) Timeout() bool {
	return e.Status == ErrDeadline || e.Status == ErrTimeout || e.Status == ErrPending
}

// errorRecord is an icecat_error; native.go compares the two.
type errorRecord struct {
	status, httpStatus, curlCode      int32
	retryable, retryAfterMS, attempts uint32
	awsCode                           [64]byte
	requestID                         [64]byte
	message                           [360]byte
}

func (r *errorRecord) toError(op string) *Error {
	return &Error{
		Op: op, Status: Status(r.status), Message: cString(r.message[:]), AWSCode: cString(r.awsCode[:]),
		RequestID: cString(r.requestID[:]), HTTPStatus: int(r.httpStatus), CurlCode: int(r.curlCode),
		Attempts: int(r.attempts), Retryable: r.retryable != 0,
		RetryAfter: time.Duration(r.retryAfterMS) * time.Millisecond,
	}
}

// readError takes one apart that shim_wire.c wrote; nil when there is none.
func readError(r *reader, op string) error {
	if !r.bool() {
		return nil
	}
	return &Error{
		Op: op, Status: Status(r.signed()), HTTPStatus: int(r.signed()), CurlCode: int(r.signed()), Retryable: r.bool(),
		RetryAfter: time.Duration(r.number()) * time.Millisecond, Attempts: r.int(), AWSCode: r.text(),
		RequestID: r.text(), Message: r.text(),
	}
}

// cString is the text before the first zero byte.
func cString(bytes []byte) string {
	for i, b := range bytes {
		if b == 0 {
			return string(bytes[:i])
		}
	}
	return string(bytes)
}

// failed is a failure that Go code found before C was called, or a failure of what it was given.
func failed(op string, status Status, cause error, message ...string) *Error {
	text := strings.Join(message, "")
	if text == "" && cause != nil {
		text = cause.Error()
	}
	return &Error{Op: op, Status: status, Message: text, cause: cause}
}

// closed is the failure of a call on a closed object.
func closed(op string) *Error {
	return failed(op, ErrArgument, ErrClosed, "it was closed, and cannot be used any more")
}
