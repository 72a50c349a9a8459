package icecat

import "fmt"

// Status is the kind of a failure, for errors.Is. The numbers are those of icecat_status, and frozen.
type Status int32

const (
	// The caller, memory, the machine.

	ErrArgument  Status = 1  // An argument is wrong; the message names it.
	ErrNoMemory  Status = 2  // An allocation failed.
	ErrLimit     Status = 3  // Something would grow over its documented maximum.
	ErrCancelled Status = 4  // The context was cancelled.
	ErrDeadline  Status = 5  // The deadline of the context passed.
	ErrCallback  Status = 6  // A function of the caller failed; Unwrap has its error.
	ErrInternal  Status = 7  // A defect of the library; please report it.
	ErrFile      Status = 8  // A local file cannot be read or written.
	ErrParse     Status = 9  // A local document (batch file, dotenv) is malformed.
	ErrConfig    Status = 10 // A needed setting (region, bucket, table) is missing or invalid.

	// Images.

	ErrImageFormat  Status = 20 // The bytes are not a JPEG or PNG image.
	ErrImageCorrupt Status = 21 // A JPEG or PNG, but truncated or damaged.
	ErrImageLimit   Status = 22 // A sound image outside the limits of the profile.

	// Credentials and signing.

	ErrNoCredentials  Status = 40 // No source had credentials.
	ErrBadCredentials Status = 41 // A source had credentials that cannot be used.
	ErrCrypto         Status = 42 // A hash or HMAC failed in libcrypto.
	ErrSignature      Status = 43 // Verification only: the signature does not match.

	// Transport.

	ErrResolve  Status = 60 // The host name has no address.
	ErrConnect  Status = 61 // No connection could be made.
	ErrTLS      Status = 62 // The TLS handshake or the certificate check failed.
	ErrTransfer Status = 63 // The connection broke while bytes were moving.
	ErrTimeout  Status = 64 // One attempt made no progress in time.
	ErrProtocol Status = 65 // The answer is not what the service's protocol allows.

	// Answers of the services.

	ErrService      Status = 80 // An error answer of no other kind; see AWSCode.
	ErrAuth         Status = 81 // Signature, key or token refused (401/403, expired token).
	ErrAccess       Status = 82 // Authenticated, but not allowed to do this.
	ErrNotFound     Status = 83 // Bucket, object, table, item or parameter does not exist.
	ErrPrecondition Status = 84 // A condition of the request was false (412, conditional check).
	ErrThrottled    Status = 85 // The service asks to slow down; attempts are used up.
	ErrUnavailable  Status = 86 // The service failed (5xx); attempts are used up.
	ErrRegion       Status = 87 // The bucket lives in another region; the message names it.
	ErrValidation   Status = 88 // The service found the request invalid.
	ErrRejected     Status = 89 // Rekognition will never accept this image.

	// The pipeline.

	ErrPending   Status = 100 // Verdicts are still missing.
	ErrPartial   Status = 101 // Some items succeeded and some failed.
	ErrKey       Status = 102 // An object key is not one that this pipeline writes.
	ErrCollision Status = 103 // The record of another client has the same batch and fingerprint.
)

// statusFacts is what the library knows of a status.
type statusFacts struct {
	name, message string
	retryable     bool
	exitCode      int
}

func (s Status) facts() statusFacts {
	f := newFrame("Status")
	defer f.end()
	f.number(uint64(uint32(s)))
	if f.run(opStatus, nil) != nil {
		return statusFacts{name: fmt.Sprintf("status %d", int(s)), message: fmt.Sprintf("icecat status %d", int(s)), exitCode: 1}
	}
	r := f.read()
	return statusFacts{name: r.text(), message: r.text(), retryable: r.bool(), exitCode: int(r.signed())}
}

// String gives the symbolic name, e.g. "ICECAT_E_THROTTLED".
func (s Status) String() string { return s.facts().name }

// Error gives one English sentence without details, so that a Status is an error to compare with.
func (s Status) Error() string { return s.facts().message }

// Retryable tells whether the same call may succeed later, unchanged.
func (s Status) Retryable() bool { return s.facts().retryable }

// ExitCode is what the icecat command ends with after such a failure: 0 to 11.
func (s Status) ExitCode() int { return s.facts().exitCode }
