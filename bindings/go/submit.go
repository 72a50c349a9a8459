package icecat

import (
	"context"
	"strings"
	"time"
)

// Action is what became of a submitted image.
type Action uint32

const (
	Submitted Action = 1 // Uploaded.
	Duplicate Action = 2 // Equal bytes were already in this batch; not uploaded again.
	Rejected  Action = 3 // Not a sound image inside the limits; not uploaded.
	NotSent   Action = 4 // Could not be read or uploaded.
	Known     Action = 5 // SubmitOptions.IsKnown knew it; not uploaded.
)

// String is "submitted", "duplicate", "rejected", "failed" or "known".
func (a Action) String() string {
	names := [...]string{Submitted: "submitted", Duplicate: "duplicate", Rejected: "rejected", NotSent: "failed", Known: "known"}
	if int(a) < len(names) && names[a] != "" {
		return names[a]
	}
	return "unknown"
}

// Submission is one image of a submission.
type Submission struct {
	Action      Action
	Batch       BatchID
	Fingerprint string // Hex SHA-256 of the bytes; "" when the file was not read.
	Path        string // As it was given; "" for bytes and readers.
	FileName    string
	Key         string // Object key; "" when not uploaded. Of a duplicate, the first's.
	ETag        string // As S3 gave it; "" when not told.
	DuplicateOf string // Path of the equal image of this batch; "" when it is the first.
	UploadTime  string // "YYYY-MM-DD-HH", UTC, as in the key; "" without one.
	UploadedAt  time.Time
	Size        int64
	Index       int64 // Position in the order in which images were given, from 0.
	Format      ImageFormat
	Err         error // Why it was rejected or not sent, an *Error; nil otherwise.
}

func (s Submission) target() (BatchID, []string) { return s.Batch, []string{s.Fingerprint} }

// SubmitCounts tells how many images ended how, so far.
type SubmitCounts struct {
	Total, Submitted, Duplicate, Rejected, Failed, Known int64
	Bytes                                                int64 // Uploaded.
	BytesSettled                                         int64 // Of all settled images, uploaded or not.
	BytesUnderWay                                        int64 // Sent of images that are being uploaded; 0 in the end.
}

// SubmitReport is a bulk submission.
type SubmitReport struct {
	Batch       BatchID
	Counts      SubmitCounts
	Submissions []Submission // In the order of settling; nil when Settled was told of them.

	fingerprints []string // of the images that get a verdict, each once
}

func (r *SubmitReport) target() (BatchID, []string) { return r.Batch, r.fingerprints }

// Fingerprints are those of the images that will get a verdict, each once.
func (r *SubmitReport) Fingerprints() []string { return append([]string(nil), r.fingerprints...) }

// SubmitOptions are those of Submit, SubmitMany and SubmitFrom. The functions belong to the last two.
type SubmitOptions struct {
	Batch      BatchID       // To add to; a new one.
	FileName   string        // Submit: to record; the file's own.
	Image      *ImageOptions // Limits; those of S3.
	NoValidate bool          // Upload whatever it is.
	UploadedAt time.Time     // For every object key: a submission that is repeated with it writes the same keys. Now.

	StopAtFailure bool                                   // Start no more images after a failed one.
	IsKnown       func(fingerprint string) (bool, error) // Asked whether an image need not be uploaded.
	Progress      func(counts SubmitCounts) error        // Told how far the call is, a few times a second.
	Settled       func(submission Submission) error      // Told once of every image, which the report then has not.
}

func (o *SubmitOptions) orDefault() *SubmitOptions {
	if o == nil {
		return &SubmitOptions{}
	}
	return o
}

func (o *SubmitOptions) batch() (BatchID, error) {
	if o.Batch != 0 {
		return o.Batch, nil
	}
	return NewBatchID()
}

func (o *SubmitOptions) write(f *frame) {
	o.Image.write(f)
	f.bool(o.NoValidate)
	f.bool(o.StopAtFailure)
	f.second(o.UploadedAt)
}

// Submit checks, hashes and uploads one image. ErrImageFormat, ErrImageCorrupt, ErrImageLimit: it is not a sound JPEG or
// PNG inside the limits, and nothing was sent. ErrConfig: no bucket or client id is set.
func (c *Client) Submit(ctx context.Context, image Source, options *SubmitOptions) (Submission, error) {
	options = options.orDefault()
	f, err := c.beginPipeline(ctx, "Submit")
	if err != nil {
		return Submission{}, err
	}
	defer f.end()
	batch, err := options.batch()
	if err != nil {
		return Submission{}, err
	}
	data, err := image.bytes(ctx, "Submit")
	if err != nil {
		return Submission{}, err
	}
	name := options.FileName
	fill(&name, image.name())
	f.number(uint64(batch))
	f.optional(name)
	options.write(f)
	if err := f.run(opSubmit, data); err != nil {
		return Submission{}, err
	}
	r := f.read()
	key := r.text()
	fingerprint, _, _ := strings.Cut(key, "/")
	return Submission{Action: Submitted, Batch: batch, Fingerprint: fingerprint, Path: image.path, FileName: name,
		Key: key, Size: int64(len(data))}, nil
}

// SubmitMany checks, hashes and uploads many files, WithMaxConnections at a time. An image that is rejected or fails
// does not stop the others. Equal bytes are uploaded once.
//
// The report is there after an error too, unless nothing was begun. The error is nil when every image was submitted, is a
// duplicate or is known; ErrPartial when some were submitted and some not; when none was, the error of the first
// that failed, else of the first that was rejected.
func (c *Client) SubmitMany(ctx context.Context, paths []string, options *SubmitOptions) (*SubmitReport, error) {
	at := 0
	return c.submitFrom(ctx, "SubmitMany", func() (string, bool, error) {
		if at == len(paths) {
			return "", false, nil
		}
		at++
		return paths[at-1], true, nil
	}, options)
}

// SubmitFrom is SubmitMany with paths from a function, which is asked for no more than can be started. false ends them; an
// error stops the call.
func (c *Client) SubmitFrom(ctx context.Context, next func() (path string, ok bool, err error),
	options *SubmitOptions) (*SubmitReport, error) {
	return c.submitFrom(ctx, "SubmitFrom", next, options)
}

func (c *Client) submitFrom(ctx context.Context, op string, next func() (string, bool, error),
	options *SubmitOptions) (*SubmitReport, error) {
	options = options.orDefault()
	f, err := c.beginPipeline(ctx, op)
	if err != nil {
		return nil, err
	}
	defer f.end()
	batch, err := options.batch()
	if err != nil {
		return nil, err
	}
	s := &submission{call: f, next: next, options: options, report: &SubmitReport{Batch: batch}, seen: map[string]bool{}}
	f.callback(s)
	f.number(uint64(batch))
	options.write(f)
	f.bool(options.IsKnown != nil)
	f.bool(options.Progress != nil)
	err = f.run(opSubmitMany, nil)
	if f.record.replyLen != 0 {
		r := f.read()
		s.report.Counts = readCounts(&r)
	}
	return s.report, err
}

// submission has the functions of one bulk submission.
type submission struct {
	call    *frame
	next    func() (string, bool, error)
	options *SubmitOptions
	report  *SubmitReport
	seen    map[string]bool
}

func (s *submission) called(what int, _ *frame, in, out []byte) int64 {
	return s.call.protect(func() (int64, error) {
		switch what {
		case onNext:
			return s.givePath(out)
		case onSettled:
			return 0, s.settled(readSubmission(in))
		case onKnown:
			r := reader{string(in)}
			known, err := s.options.IsKnown(r.text())
			if known {
				return 1, err
			}
			return 0, err
		case onProgress:
			r := reader{string(in)}
			return 0, s.options.Progress(readCounts(&r))
		}
		return 0, nil
	})
}

// givePath writes a path with its zero byte to memory of C.
func (s *submission) givePath(out []byte) (int64, error) {
	path, ok, err := s.next()
	if err != nil || !ok {
		return 0, err
	}
	if strings.IndexByte(path, 0) >= 0 || len(path) >= len(out) {
		return 0, failed(s.call.op, ErrArgument, nil, "a path has a zero byte or is too long")
	}
	out[copy(out, path)] = 0
	return 1, nil
}

func (s *submission) settled(one Submission) error {
	if (one.Action == Submitted || one.Action == Known) && !s.seen[one.Fingerprint] {
		s.seen[one.Fingerprint] = true
		s.report.fingerprints = append(s.report.fingerprints, one.Fingerprint)
	}
	if s.options.Settled != nil {
		return s.options.Settled(one)
	}
	s.report.Submissions = append(s.report.Submissions, one)
	return nil
}

func readCounts(r *reader) SubmitCounts {
	return SubmitCounts{Total: r.signed(), Submitted: r.signed(), Duplicate: r.signed(), Rejected: r.signed(),
		Failed: r.signed(), Known: r.signed(), Bytes: r.signed(), BytesSettled: r.signed(),
		BytesUnderWay: r.signed()}
}

func readSubmission(in []byte) Submission {
	r := reader{string(in)}
	return Submission{Action: Action(r.number()), Batch: BatchID(r.number()), Size: r.signed(), UploadedAt: r.moment(),
		Index: r.signed(), Format: ImageFormat(r.number()), Path: r.text(), FileName: r.text(), Key: r.text(),
		UploadTime: r.text(), Fingerprint: r.text(), ETag: r.text(), DuplicateOf: r.text(), Err: readError(&r, "Submit")}
}
